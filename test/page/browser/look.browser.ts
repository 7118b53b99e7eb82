import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import type { AxeResults } from 'axe-core';
import type { ElementHandle, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { browserNames, Driver, until } from './driver.js';
import { sampleReport } from './sample-report.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = fileURLToPath(new URL('../../../build/page-screenshots/', import.meta.url));
mkdirSync(screenshots, { recursive: true });

/** Compares with a report that has everything. */
async function showReport(page: Page): Promise<void> {
  const file = `${screenshots}report.json`;
  writeFileSync(file, JSON.stringify(sampleReport()));
  await ((await page.$('#compare')) as ElementHandle<HTMLInputElement>).uploadFile(file);
  await page.waitForSelector('.report:not([hidden])');
}

const filtered = (page: Page) => until(page, `document.querySelector('#speedup').textContent.includes('times')`);

async function doubled(page: Page): Promise<void> {
  await filtered(page);
  await page.click('#upscale');
  await until(page, `document.querySelector('.divided').checkVisibility()`);
}

/** Every view in the states that look different. */
interface View {
  readonly view: string;
  readonly query: string;
  readonly act?: (page: Page) => Promise<unknown>;
}

const views: readonly View[] = [
  { view: 'explorer', query: '?at=o0.1.2' },
  { view: 'explorer-transposed', query: '?op=transposed&i=3&s=2&p=0&at=o0.3.3' },
  { view: 'explorer-stamp', query: '?op=transposed&i=4&p=0&at=i0.1.1&way=stamp' },
  { view: 'explorer-channels', query: '?ic=4&oc=4&i=8&at=o3.1.1&x=0.0.0_9' },
  { view: 'explorer-groups', query: '?i=6x5&k=3&s=2x1&ic=2&oc=4&g=2&at=i1.2.2&p=same' },
  { view: 'explorer-pool', query: '?op=max&i=6&k=2&s=2&p=0&at=o0.1.1' },
  { view: 'explorer-trouble', query: '?i=3&k=7&p=1' },
  { view: 'picture', query: '?tab=picture&filter=edges', act: filtered },
  { view: 'picture-doubled', query: '?tab=picture&width=240', act: doubled },
  { view: 'bench', query: '?tab=bench' },
  { view: 'bench-report', query: '?tab=bench', act: showReport },
];

describe.each(browserNames)('the look in %s', (name) => {
  describe.each(['light', 'dark'] as const)('%s', (scheme) => {
    let driver: Driver;
    beforeAll(async () => {
      driver = await Driver.launch(name, scheme);
    });
    afterAll(() => driver.close());

    describe.each([360, 1280])('at %i pixels', (width) => {
      it.each(views)('$view has no violation, fits, and is kept as a picture', async ({ view, query, act }) => {
        const { page, complaints } = await driver.visit(query, width);
        await act?.(page);
        expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(scheme === 'dark');
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        ).toBe(0);
        if (view.startsWith('explorer')) await page.$eval('details', (details) => details.setAttribute('open', ''));
        await page.evaluate(axe);
        const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
        expect(
          violations.map(
            ({ id, nodes }) =>
              `${id}: ${nodes
                .map(({ html }) => html)
                .slice(0, 3)
                .join(' ')}`,
          ),
        ).toEqual([]);
        await page.screenshot({
          path: `${screenshots}${name.toLowerCase()}-${view}-${width}-${scheme}.png`,
          fullPage: true,
        });
        expect(complaints).toEqual([]);
        await page.close();
      });
    });
  });
});

describe('the first view in Chromium', () => {
  /** Bytes, and milliseconds of the fastest of some visits: others use the machine, too. */
  const MOST = { bytes: 150_000, milliseconds: 1000 };
  const VISITS = 3;

  it('is small, and soon there', async () => {
    const driver = await Driver.launch('Chromium');
    const times: number[] = [];
    let addresses: readonly string[] = [];
    for (let i = 0; i < VISITS; i++) {
      const { page, requests } = await driver.visit('', 1280, (fresh) =>
        fresh.evaluateOnNewDocument(() => {
          // the grid is drawn and listens at once
          new MutationObserver((_, observer) => {
            if (!document.querySelector('#output td')) return;
            Object.assign(window, { ready: performance.now() });
            observer.disconnect();
          }).observe(document, { subtree: true, childList: true });
        }),
      );
      times.push((await page.evaluate('ready')) as number);
      addresses = [...requests];
      await page.close();
    }
    await driver.close();
    const sizes = await Promise.all(
      addresses.map(async (url) => brotliCompressSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
    );
    const bytes = sizes.reduce((a, b) => a + b, 0);
    const fastest = Math.min(...times);
    console.log(
      `first view: ${bytes} bytes compressed by brotli in ${sizes.length} files, interactive after ${fastest.toFixed(0)} ms`,
    );
    expect(addresses.every((url) => url.startsWith(inject('address')))).toBe(true);
    expect(bytes).toBeLessThan(MOST.bytes);
    expect(fastest).toBeLessThan(MOST.milliseconds);
  });
});
