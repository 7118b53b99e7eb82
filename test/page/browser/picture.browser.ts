import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ElementHandle, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromLevels, type Pixels, toLevels } from '../../../examples/page/src/picture/pixels.js';
import { filters } from '../../../examples/page/src/picture/work.js';
import { readModel } from '../../../examples/upscale/files.js';
import { upscale } from '../../../examples/upscale/upscale.js';
import { browserNames, Driver, until, type Visit } from './driver.js';
import { isHidden, textOf } from './explorer-page.js';

const network = new URL(
  '../../../examples/upscale/packages/node_modules/@upscalerjs/default-model/models/',
  import.meta.url,
);
const landscape = fileURLToPath(new URL('../../../examples/picture/landscape.png', import.meta.url));

/** Both sides have a time, and so have been compared. */
const compared = (page: Page) => until(page, `document.querySelector('#speedup').textContent.includes('times')`);

/** Largest difference between the two results, in levels of 255, and how many levels occur at all. */
const difference = (page: Page) =>
  page.evaluate(() => {
    const [a, b] = ['kernels', 'loops'].map((by) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`#by-${by} canvas`)!;
      // through another canvas: Chromium complains of one that is shown and read again and again
      const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
      const context = copy.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(canvas, 0, 0);
      return context.getImageData(0, 0, copy.width, copy.height);
    });
    let largest = a.data.length === b.data.length ? 0 : 255;
    for (let i = 0; i < a.data.length; i++) largest = Math.max(largest, Math.abs(a.data[i] - b.data[i]));
    return { largest, levels: new Set(a.data).size, width: a.width };
  });

/** Pixels of a canvas. */
async function levelsOf(page: Page, selector: string): Promise<Pixels> {
  const { width, height, data } = await page.$eval(selector, (element) => {
    const { width, height } = element as HTMLCanvasElement;
    const copy = Object.assign(document.createElement('canvas'), { width, height });
    const context = copy.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(element as HTMLCanvasElement, 0, 0);
    return { width, height, data: [...context.getImageData(0, 0, width, height).data] };
  });
  return { width, height, data: Uint8ClampedArray.from(data) };
}

/** Mean difference of neighbours in a row. */
const variation = ({ data }: Pixels) =>
  data.reduce((sum, level, i) => sum + Math.abs(level - (data[i + 4] ?? level)), 0) / data.length;

describe.each(browserNames)('the picture in %s', (name) => {
  let driver: Driver;
  let visit: Visit;
  const folder = mkdtempSync(join(tmpdir(), 'stridewise-'));

  beforeAll(async () => {
    driver = await Driver.launch(name);
  });
  afterAll(async () => {
    await driver.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    expect(visit.complaints).toEqual([]);
    for (const url of visit.requests) expect(['localhost', '']).toContain(new URL(url).hostname);
    await visit.page.close();
  });
  const open = async (query: string) => {
    visit = await driver.visit(query);
    return visit.page;
  };
  const choose = async (page: Page, file: string) => {
    const input = (await page.$('#file')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(file);
  };

  it('is filtered by every filter, the same by kernels and by loops, with times and rates', async () => {
    const page = await open('?tab=picture&width=240');
    for (const filter of Object.keys(filters)) {
      await page.select('#filter', filter);
      await compared(page);
      const { largest, levels } = await difference(page);
      expect(largest).toBeLessThanOrEqual(1);
      expect(levels).toBeGreaterThan(20);
      for (const by of ['kernels', 'loops'])
        expect(await textOf(page, `#by-${by}`)).toMatch(/[\d.]+ ms [\d.]+ GFLOP\/s/);
    }
    await until(page, `location.search.includes('filter=network')`);
  });

  it('comes in every width and by every build, and the address keeps them', async () => {
    const page = await open('?tab=picture');
    await page.select('#width', '480');
    await compared(page);
    expect((await difference(page)).width).toBe(480);
    for (const build of ['strict', 'relaxed', 'auto']) {
      await page.select('#build', build);
      await compared(page);
      expect(await textOf(page, '#by-kernels')).toContain(`${build === 'strict' ? 'simd' : 'relaxed'} build`);
    }
    await page.select('#build', 'strict');
    await until(page, `location.search === '?tab=picture&build=strict&width=480'`);
    const { search } = new URL(page.url());
    await page.close();
    const again = await open(search);
    await compared(again);
    expect((await difference(again)).width).toBe(480);
    expect(await again.$eval('#build', (select) => (select as HTMLSelectElement).value)).toBe('strict');
  });

  it('can be a file, and says so when the file is none', async () => {
    const page = await open('?tab=picture&filter=blur&width=640');
    await choose(page, landscape);
    await until(page, `document.querySelector('#by-kernels canvas').height === 427`);
    await compared(page);
    const broken = join(folder, 'broken.png');
    writeFileSync(broken, 'no picture');
    await choose(page, broken);
    await until(page, `document.querySelector('[role=alert]').checkVisibility()`);
    expect(await textOf(page, '[role=alert]')).toBe('This file is no picture that the browser can read.');
    await page.click('#drawn');
    await compared(page);
    expect(await isHidden(page, '[role=alert]')).toBe(true);
  });

  it('shows nothing stale while it works, and explains a picture that is too small', async () => {
    const page = await open('?tab=picture&filter=blur&width=240');
    await compared(page);
    const state = await page.evaluate(() => {
      const select = document.querySelector<HTMLSelectElement>('#filter')!;
      select.value = 'network';
      select.dispatchEvent(new Event('change'));
      const figure = document.querySelector<HTMLElement>('#by-kernels')!;
      const canvas = figure.querySelector('canvas')!;
      const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
      const context = copy.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      const busy = figure.querySelector('.busy')!;
      return { isEmpty: data.every((level) => level === 0), isBusy: busy.checkVisibility() };
    });
    expect(state).toEqual({ isEmpty: true, isBusy: true });
    await compared(page);
    expect(await isHidden(page, '#by-kernels .busy')).toBe(true);
    const tiny = join(folder, 'tiny.png');
    const address = await page.evaluate(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 20, height: 3 });
      return canvas.toDataURL();
    });
    writeFileSync(tiny, Buffer.from(address.split(',')[1], 'base64'));
    await choose(page, tiny);
    await until(page, `document.querySelector('[role=alert]').checkVisibility()`);
    expect(await textOf(page, '[role=alert]')).toMatch(/^The picture is 20 × 3 pixels at this width, and the filter/);
    expect(await isHidden(page, '#by-kernels .busy')).toBe(true);
    await page.select('#filter', 'edges');
    await compared(page);
    expect(await isHidden(page, '[role=alert]')).toBe(true);
  });

  it('is doubled by a network, in tiles, as in Node, under a slider', async () => {
    const page = await open('?tab=picture&filter=blur&width=240');
    await compared(page);
    expect(visit.requests.some((url) => url.includes('/upscale'))).toBe(false);
    await page.evaluate(() => {
      const shares: number[] = [];
      Object.assign(window, { shares });
      const bar = document.querySelector<HTMLProgressElement>('.upscaling progress')!;
      new MutationObserver(() => shares.push(bar.value)).observe(bar, { attributes: true });
    });
    await page.click('#upscale');
    await until(page, `document.querySelector('#upscaled').textContent.startsWith('240 × 160 to 480 × 320 pixels')`);
    const shares = (await page.evaluate('shares')) as number[];
    expect(shares.length).toBeGreaterThan(3);
    expect(shares.at(-1)).toBe(1);
    const [small, large] = await Promise.all([
      levelsOf(page, '.result canvas[aria-label="The picture"]'),
      levelsOf(page, '.after'),
    ]);
    const whole = upscale(readModel(network), toLevels(small), () => {});
    const expected = fromLevels(whole);
    expect([large.width, large.height]).toEqual([expected.width, expected.height]);
    expect(large.data.filter((level, i) => Math.abs(level - expected.data[i]) > 1)).toHaveLength(0);
    // it is sharper than what was enlarged
    const smooth = await levelsOf(page, '.divided canvas:not(.after)');
    expect(variation(large)).toBeGreaterThan(1.05 * variation(smooth));

    const clipped = () => page.$eval('.after', (canvas) => getComputedStyle(canvas).clipPath);
    const middle = await clipped();
    await page.focus('#divide');
    await page.keyboard.press('Home');
    await until(page, `document.querySelector('#divide').valueAsNumber === 0`);
    expect(await clipped()).not.toBe(middle);
    // another picture takes the result away
    await page.select('#width', '320');
    await until(page, `!document.querySelector('.divided').checkVisibility()`);
  });

  it('stops doubling, and says why it cannot', async () => {
    const page = await open('?tab=picture&filter=blur&width=640');
    await page.click('#upscale');
    await until(page, `document.querySelector('.upscaling progress').value > 0`);
    await page.click('#cancel');
    expect(await textOf(page, '#upscaled')).toBe('Cancelled.');
    expect(await isHidden(page, '.upscaling progress')).toBe(true);
    expect(await isHidden(page, '.divided')).toBe(true);
    await compared(page);
  });

  it('can be dropped', async () => {
    const page = await open('?tab=picture&filter=half&width=240');
    await page.evaluate(async () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [60, 90];
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([blob!], 'dropped.png', { type: 'image/png' }));
      document
        .querySelector('.picture')!
        .dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    });
    await until(page, `document.querySelector('#by-kernels canvas').height === 45`);
  });

  it('can be the camera, until it is stopped or another view is looked at', async () => {
    const page = await open('?tab=picture&filter=blur&width=240');
    await page.evaluate(() => {
      const kept = Object.assign(window, { streams: [] as MediaStream[] });
      const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = await original(constraints);
        kept.streams.push(stream);
        return stream;
      };
    });
    const ended = `streams.every((stream) => stream.getTracks().every((track) => track.readyState === 'ended'))`;
    const start = async () => {
      await page.click('#camera');
      await until(page, `document.querySelector('#camera').textContent === 'Stop the camera'`);
      await compared(page);
      expect(await page.evaluate(ended)).toBe(false);
    };
    const frame = () => page.$eval('#by-kernels canvas', (canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await compared(page);
    await start();
    const first = await frame();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await frame()).not.toBe(first);
    await page.click('#camera');
    expect(await textOf(page, '#camera')).toBe('Use the camera');
    expect(await page.evaluate(ended)).toBe(true);
    await compared(page);
    await start();
    await page.click('[data-tab=explorer]');
    await page.waitForSelector('#output td');
    expect(await page.evaluate(ended)).toBe(true);
  });

  it('says so when the camera may not be used', async () => {
    const page = await open('?tab=picture&filter=blur&width=240');
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await page.click('#camera');
    await until(page, `document.querySelector('[role=alert]').checkVisibility()`);
    expect(await textOf(page, '[role=alert]')).toBe('The camera may not be used.');
    expect(await textOf(page, '#camera')).toBe('Use the camera');
  });
});
