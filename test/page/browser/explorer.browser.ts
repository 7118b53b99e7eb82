import fc from 'fast-check';
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Config,
  defaults,
  limits,
  operators,
  paddingModes,
  paddingRules,
} from '../../../examples/page/src/explorer/config.js';
import { evaluate } from '../../../examples/page/src/explorer/evaluate.js';
import { examples as captions } from '../../../examples/page/src/explorer/examples.js';
import { drawnAt, feeds, reads } from '../../../examples/page/src/explorer/links.js';
import { firstPlace } from '../../../examples/page/src/explorer/place.js';
import { sentence } from '../../../examples/page/src/explorer/terms.js';
import { Trouble } from '../../../examples/page/src/explorer/trouble.js';
import { readState, writeState } from '../../../examples/page/src/explorer/url.js';
import { config, configs } from '../configs.js';
import { browserNames, Driver, until, type Visit } from './driver.js';
import { expectOutput, gridOf, isHidden, textOf } from './explorer-page.js';
import { keepFiles, lastFile } from './files.js';

/** Configurations that are opened by their address. */
const OPENED = 40;

const queryOf = (drawn: Config, at = firstPlace) =>
  `?${writeState({ config: drawn, at, playing: false, pace: 'normal', way: 'gather' })}`;

/** Types a number into a field. */
async function type(page: Page, id: string, value: string): Promise<void> {
  await page.click(`#${id}`, { count: 3 });
  await page.keyboard.press('Backspace');
  await page.type(`#${id}`, value);
}

const press = (page: Page, id: string, which: 'less' | 'more') =>
  page.$eval(
    `#${id}`,
    (input, word) => input.closest('.number')!.querySelector<HTMLElement>(`[aria-label^=${word}]`)!.click(),
    which,
  );

describe.each(browserNames)('the explorer in %s', (name) => {
  let driver: Driver;
  let visit: Visit;

  beforeAll(async () => {
    driver = await Driver.launch(name);
  });
  afterAll(() => driver.close());
  afterEach(async () => {
    expect(visit.complaints).toEqual([]);
    for (const url of visit.requests) expect(new URL(url).hostname).toBe('localhost');
    await visit.page.close();
  });
  const open = async (query = '', width?: number) => {
    visit = await driver.visit(query, width);
    return visit.page;
  };

  it('shows the output of every control', async () => {
    const page = await open();
    let now = defaults;
    const becomes = async (part: Partial<Config>) => {
      now = { ...now, ...part };
      await expectOutput(page, now);
    };
    await becomes({});
    for (const [id, key, value] of [
      ['input-0', 'input', 7],
      ['kernel-0', 'kernel', 2],
      ['stride-0', 'stride', 2],
      ['padding-0', 'padding', 3],
      ['dilation-0', 'dilation', 2],
    ] as const) {
      await type(page, id, String(value));
      await becomes({ [key]: [value, value] });
    }
    await press(page, 'input-0', 'more');
    await becomes({ input: [8, 8] });
    await press(page, 'padding-0', 'less');
    await becomes({ padding: [2, 2] });
    for (const mode of Object.keys(paddingModes) as Config['mode'][]) {
      await page.select('#mode', mode);
      await becomes({ mode });
    }
    await page.click('#square');
    await type(page, 'kernel-1', '3');
    await becomes({ square: false, kernel: [2, 3] });
    await type(page, 'stride-1', '1');
    await becomes({ stride: [2, 1] });
    for (const rule of Object.keys(paddingRules) as Config['rule'][]) {
      await page.select('#rule', rule);
      await becomes({ rule });
      expect(await isHidden(page, '#padding-0')).toBe(rule !== 'number');
    }
    await type(page, 'ic', '4');
    await becomes({ ic: 4 });
    await type(page, 'oc', '2');
    await becomes({ oc: 2 });
    await type(page, 'groups', '2');
    await becomes({ groups: 2 });
    for (const fill of ['counting', 'ones', 'digits'] as const) {
      await page.select('#fill', fill);
      await becomes({ fill });
    }
    await type(page, 'seed', '42');
    await becomes({ seed: 42 });
    await page.select('#rule', 'number');
    await becomes({ rule: 'number' });
    for (const operator of Object.keys(operators) as Config['operator'][]) {
      await page.select('#operator', operator);
      await becomes({ operator });
      expect(await isHidden(page, '#outputPadding-0')).toBe(operator !== 'transposed');
      expect(await isHidden(page, '#equivalent')).toBe(operator !== 'transposed');
      if (operator !== 'transposed') continue;
      await type(page, 'outputPadding-0', '1');
      await becomes({ outputPadding: [1, 0] });
      const direct = await gridOf(page, 'direct');
      expect(direct.values).toEqual((await gridOf(page, 'output')).values);
    }
    await page.click('#square');
    await becomes({
      square: true,
      ...Object.fromEntries(
        (['input', 'kernel', 'stride', 'padding', 'dilation', 'outputPadding'] as const).map((key) => [
          key,
          [now[key][0], now[key][0]],
        ]),
      ),
    });
  });

  it('opens any state by its address, and keeps it there', async () => {
    const page = await open();
    for (const drawn of fc.sample(configs, { numRuns: OPENED, seed: 7 })) {
      await page.goto(page.url().split('?')[0] + queryOf(drawn));
      await page.waitForSelector('#formula');
      try {
        evaluate(drawn);
      } catch (error) {
        expect(error).toBeInstanceOf(Trouble);
        expect(await textOf(page, '#trouble')).toBe((error as Trouble).message);
        expect(await textOf(page, '#formula')).toContain('o = ');
        continue;
      }
      await expectOutput(page, drawn);
    }
  });

  it('writes the address as it changes, and a copy of the address shows the same', async () => {
    const page = await open('?op=transposed&i=4x3&s=2&at=o0.2.1');
    await page.select('#mode', 'zeros');
    await type(page, 'ic', '2');
    await page.focus('#output td[aria-selected]');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await until(page, `new URLSearchParams(location.search).get('at') === 'o0.3.2'`);
    const query = new URLSearchParams(new URL(page.url()).search);
    const wanted = config({ operator: 'transposed', input: [4, 3], stride: [2, 2], ic: 2, square: false });
    expect(readState(query)).toEqual({
      config: wanted,
      at: { side: 'output', channel: 0, row: 3, column: 2 },
      playing: false,
      pace: 'normal',
      way: 'gather',
    });
    const before = [await gridOf(page, 'output'), await gridOf(page, 'input'), await textOf(page, '#sentence')];
    await page.close();
    const copy = await open(`?${query}`);
    expect([await gridOf(copy, 'output'), await gridOf(copy, 'input'), await textOf(copy, '#sentence')]).toEqual(
      before,
    );
    expect(await copy.$eval('#input-0', (input) => (input as HTMLInputElement).value)).toBe('4');
    expect(await copy.$eval('#input-1', (input) => (input as HTMLInputElement).value)).toBe('3');
  });

  it('goes back and forward through views and examples', async () => {
    const page = await open();
    const examples = await page.$$eval('.examples a', (links) => links.map((link) => link.getAttribute('href')!));
    for (const [i, href] of examples.entries()) {
      await page.$$eval('.examples a', (links, n) => links[n].click(), i);
      const { config: shown, way } = readState(new URLSearchParams(href));
      expect(await textOf(page, '#caption')).toBe(captions[i].caption);
      if (way === 'stamp') continue;
      if (href === '?i=3&k=7&p=1') expect(await isHidden(page, '#output')).toBe(true);
      else await expectOutput(page, shown);
    }
    await page.click('[data-tab=bench]');
    await page.waitForSelector('#run');
    await page.goBack();
    await page.waitForSelector('#trouble');
    await page.goBack();
    await page.waitForSelector('#output td');
    await expectOutput(page, readState(new URLSearchParams(examples.at(-2))).config);
    await page.click('[data-tab=bench]');
    await page.waitForSelector('#run');
    await page.click('[data-tab=explorer]');
    await page.waitForSelector('#output td');
    await expectOutput(page, readState(new URLSearchParams(examples.at(-2))).config);
  });

  describe.each([
    [
      'a strided convolution with groups',
      config({ input: [6, 5], kernel: [3, 2], stride: [2, 1], ic: 2, oc: 4, groups: 2, square: false }),
    ],
    ['circular padding', config({ input: [4, 4], padding: [2, 2], mode: 'circular' })],
    [
      'a transposed convolution',
      config({ operator: 'transposed', input: [3, 4], kernel: [3, 3], stride: [2, 2], padding: [1, 1], square: false }),
    ],
    ['a max pool', config({ operator: 'max', input: [6, 6], kernel: [2, 2], stride: [2, 2], padding: [0, 0], ic: 2 })],
  ])('lights %s', (_, shown) => {
    const e = evaluate(shown);
    const [, , rows, columns] = e.y.shape;
    const [, , drawnRows, drawnColumns] = e.drawn.shape;
    const perGroup = (channels: number) => channels / (shown.operator === 'max' ? channels : shown.groups);
    /** Cells of every plane of the group. */
    const across = (channels: number, group: number, plane: number, cells: Iterable<number>) =>
      Array.from({ length: perGroup(channels) }, (__, i) => (group * perGroup(channels) + i) * plane)
        .flatMap((first) => [...new Set(cells)].map((cell) => first + cell))
        .sort((a, b) => a - b);

    it('from an output cell that is hovered over, and by the arrow keys', async () => {
      const page = await open(queryOf(shown));
      const last = e.y.data.length - 1;
      const group = Math.floor(e.y.shape[1] - 1) / perGroup(e.y.shape[1]);
      const expectLit = async (row: number, column: number) => {
        const cells = reads(e.axes, row, column, shown.kernel[1]).map(({ cell }) => cell);
        const { window } = await gridOf(page, 'input');
        expect(window).toEqual(across(e.x.shape[1], Math.floor(group), drawnRows * drawnColumns, cells));
        const at = { side: 'output', channel: e.y.shape[1] - 1, row, column } as const;
        expect(await textOf(page, '#sentence')).toBe(sentence(e, at));
        const index = (at.channel * rows + row) * columns + column;
        expect((await gridOf(page, 'output')).chosen).toEqual([index]);
        // the row of the matrix that makes this cell
        const light = await page.$eval(
          `${shown.operator === 'transposed' ? '#matrix-ct' : '#matrix-c'} .light`,
          (span) => (span as HTMLElement).dataset.line,
        );
        expect(light).toBe(`row ${index}`);
      };
      await page.hover(`#output td[data-at="${last}"]`);
      await expectLit(rows - 1, columns - 1);
      await page.focus(`#output td[data-at="${last}"]`);
      await page.keyboard.press('ArrowUp');
      await expectLit(rows - 2, columns - 1);
      await page.keyboard.press('ArrowLeft');
      await expectLit(rows - 2, columns - 2);
      await page.keyboard.press('Home');
      await expectLit(rows - 2, 0);
      await page.keyboard.press('End');
      await expectLit(rows - 2, columns - 1);
    });

    it('and back, from an input cell', async () => {
      const page = await open(queryOf(shown));
      const [row, column] = [1, 1];
      const places = drawnAt(e.axes, row, column);
      await page.hover(`#input td[data-at="${places[0]}"]`);
      const fed = places.flatMap((place) => feeds(e.axes, place, shown.kernel[1]).map(({ cell }) => cell));
      expect((await gridOf(page, 'output')).window).toEqual(across(e.y.shape[1], 0, rows * columns, fed));
      expect((await gridOf(page, 'input')).chosen).toEqual(places);
      expect(await textOf(page, '#sentence')).toBe(sentence(e, { side: 'input', channel: 0, row, column }));
    });

    it('by dragging', async () => {
      const page = await open(queryOf(shown));
      const centre = async (at: number) => {
        const box = (await (await page.$(`#output td[data-at="${at}"]`))!.boundingBox())!;
        return [box.x + box.width / 2, box.y + box.height / 2] as const;
      };
      await page.$eval('#output', (figure) => figure.scrollIntoView());
      await page.touchscreen.touchStart(...(await centre(0)));
      await page.touchscreen.touchMove(...(await centre(1)));
      await page.touchscreen.touchMove(...(await centre(columns + 1)));
      await page.touchscreen.touchEnd();
      expect((await gridOf(page, 'output')).chosen).toEqual([columns + 1]);
    });
  });

  it('plays, pauses and steps', async () => {
    const page = await open();
    const chosen = async () => (await gridOf(page, 'output')).chosen[0];
    await page.click('#forward');
    expect(await chosen()).toBe(1);
    await page.click('#back');
    await page.click('#back');
    expect(await chosen()).toBe(24);
    await page.click('#play');
    expect(await textOf(page, '#play')).toBe('Pause');
    await until(page, `document.querySelector('#output td[data-at="1"]').matches('.chosen')`);
    await page.click('#play');
    const at = await chosen();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await chosen()).toBe(at);
    await page.close();
    const playing = await open('?play=1&at=o0.4.3');
    await until(playing, `document.querySelector('#output td[data-at="0"]').matches('.chosen')`);
  });

  it('shows gradients and overlap', async () => {
    const page = await open('?op=transposed&i=3&s=2&p=0&at=o0.2.2');
    const { axes, config: shown } = evaluate(
      config({ operator: 'transposed', input: [3, 3], stride: [2, 2], padding: [0, 0] }),
    );
    const read = reads(axes, 2, 2, shown.kernel[1]).map(({ cell }) => cell);
    const { values } = await gridOf(page, 'grad-x');
    values.forEach((value, cell) => {
      if (!read.includes(cell)) expect(value).toBe(0);
    });
    expect((await gridOf(page, 'overlap')).values.slice(0, 7)).toEqual([1, 1, 2, 1, 2, 1, 1]);
    expect(await textOf(page, '#overlap')).toContain('checkerboard');
  });

  it('explains what makes no sense, shows the formula, and goes on', async () => {
    const page = await open('?i=3&p=0');
    await type(page, 'kernel-0', '5');
    expect(await textOf(page, '#trouble')).toBe(
      'In the height the kernel spans 5 cells, but the input with its padding has only 3: the kernel does not fit in once.',
    );
    expect(await textOf(page, '#formula')).toContain('⌊(3 + 0 + 0 − 1 · (5 − 1) − 1) / 1⌋ + 1 = −1');
    expect(await page.$eval('#kernel-0', (input) => input.getAttribute('aria-invalid'))).toBe('true');
    expect(await isHidden(page, '#output')).toBe(true);
    await type(page, 'kernel-0', '9');
    expect(await textOf(page, '#trouble')).toContain('kernel height is 9; this page takes a whole number from 1 to 7');
    await type(page, 'kernel-0', '-');
    expect(await textOf(page, '#trouble')).toContain('kernel height is no number');
    expect(await textOf(page, '#formula')).toContain('o = ⌊');
    await until(page, `/[?&]k=(&|$)/.test(location.search)`);
    await type(page, 'kernel-0', '2');
    expect(await isHidden(page, '#trouble')).toBe(true);
    await expectOutput(page, config({ input: [3, 3], kernel: [2, 2], padding: [0, 0] }));
  });

  it('takes numbers that are typed into input and kernel, and keeps them in the address', async () => {
    const page = await open();
    await page.click('#input td[data-at="8"]', { count: 2, delay: 20 });
    await page.keyboard.type('9');
    await page.keyboard.press('Enter');
    await page.focus('#kernel td[data-at="4"]');
    await page.keyboard.type('-2');
    await page.keyboard.press('Enter');
    const edited = config({ xEdits: new Map([['0.0.0', 9]]), weightEdits: new Map([['0.1.1', -2]]) });
    await expectOutput(page, edited);
    await until(page, `new URLSearchParams(location.search).get('w') === '0.1.1_-2'`);
    // padding holds nothing of its own, and what is no number changes nothing
    await page.click('#input td[data-at="0"]', { count: 2, delay: 20 });
    expect(await page.$('#input input')).toBeNull();
    await page.focus('#kernel td[data-at="0"]');
    await page.keyboard.type('-');
    await page.keyboard.press('Enter');
    await expectOutput(page, edited);
    const { search } = new URL(page.url());
    await page.close();
    const again = await open(search);
    await expectOutput(again, edited);
    await again.click('#reset');
    await expectOutput(again, defaults);
    expect(await isHidden(again, '#reset')).toBe(true);
  });

  it('stamps the kernel for each input cell, and the sum grows to the output', async () => {
    const shown = config({ operator: 'transposed', input: [2, 2], padding: [0, 0] });
    const page = await open(queryOf(shown));
    await page.select('#way', 'stamp');
    const { x, weight, y } = evaluate(shown);
    const first = await gridOf(page, 'output');
    const stamp = Array.from(weight!.data, (w) => w * x.data[0] + 0);
    expect(first.window).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]);
    expect(first.window.map((i) => first.values[i] + 0)).toEqual(stamp);
    expect(first.texts[3]).toBe('');
    for (let i = 1; i < 4; i++) await page.click('#forward');
    expect((await gridOf(page, 'output')).values).toEqual([...y.data]);
    await until(page, `new URLSearchParams(location.search).get('way') === 'stamp'`);
    await page.select('#way', 'gather');
    await expectOutput(page, shown);
  });

  it('shows a pool as the largest of its window, or as a share of its sum', async () => {
    const page = await open('?op=max&i=6&k=2&s=2&p=0&at=o0.1.1');
    expect(await textOf(page, '.stage')).toContain('→ max of');
    expect((await gridOf(page, 'kernel')).values).toEqual([3, 4, 3, 3]);
    await page.select('#operator', 'avg');
    expect(await textOf(page, '.stage')).toContain('→ 1/4 · sum of');
    expect((await gridOf(page, 'kernel')).values).toEqual([3, 4, 3, 3]);
    expect(await textOf(page, '#sentence')).toBe('y[0, 1, 1] = 1/4 · (3 + 4 + 3 + 3) = 3.25');
  });

  it('pages channels that do not fit, and turns to the chosen one', async () => {
    const page = await open('?i=12&oc=4&at=o3.0.0');
    const shown = () => page.$$eval('#output table', (tables) => tables.map((table) => table.checkVisibility()).join());
    expect(await shown()).toBe('false,false,true,true');
    expect(await textOf(page, '#output .pager')).toContain('3 to 4 of 4');
    await page.click('#output .pager button');
    expect(await shown()).toBe('true,true,false,false');
    expect(await isHidden(page, '#input .pager')).toBe(true);
  });

  it.each([
    ['svg', 'image/svg+xml', '<svg xmlns='],
    ['gif', 'image/gif', 'GIF89a'],
  ])('saves the animation as %s', async (kind, type, head) => {
    visit = await driver.visit('?op=transposed&i=2x3&k=2&p=0&at=o0.1.1', 1280, keepFiles);
    const { page } = visit;
    await page.click(`#save-${kind}`);
    await until(page, 'files.length === 1');
    const file = await lastFile(page);
    expect(await page.evaluate('files[0].type')).toBe(type);
    expect(file.subarray(0, head.length).toString()).toBe(head);
    const frames =
      kind === 'svg'
        ? file.toString().split('<g ').length - 1
        : file.toString('latin1').split('\x21\xf9\x04').length - 1;
    expect(frames).toBe(3 * 4);
    // and is where it was
    expect((await gridOf(page, 'output')).chosen).toEqual([5]);
    await until(page, `document.querySelector('#save-${kind}').textContent === 'Saved 12 steps'`);
  });

  it('copies the link to what is shown', async () => {
    const page = await open('?i=4&at=o0.1.1');
    await page.evaluate(() => {
      const clipboard = { writeText: async (text: string) => void Object.assign(window, { copied: text }) };
      Object.defineProperty(navigator, 'clipboard', { value: clipboard });
    });
    await page.click('#forward');
    await page.click('#copy');
    await until(page, `document.querySelector('#copy').textContent === 'Copied'`);
    expect(new URL((await page.evaluate('copied')) as string).search).toBe('?i=4&at=o0.1.2');
  });

  it('has a speed, also in the address', async () => {
    const page = await open('?pace=fast&play=1');
    expect(await page.$eval('#pace', (select) => (select as HTMLSelectElement).value)).toBe('fast');
    await until(page, `document.querySelector('#output td[data-at="4"]').matches('.chosen')`);
    await page.select('#pace', 'slow');
    await until(page, `new URLSearchParams(location.search).get('pace') === 'slow'`);
  });

  it('has all three grids side by side for every example at 1280, and the output in view on phones', async () => {
    const page = await open();
    for (const { href } of captions.filter((example) => !example.href.includes('k=7'))) {
      await page.goto(page.url().split('?')[0] + href);
      await page.waitForSelector('#output td');
      const tops = await page.$$eval('.stage .figure', (figures) => figures.map((f) => f.getBoundingClientRect().top));
      expect(new Set(tops).size, href).toBe(1);
    }
    await page.close();
    const phone = await open('?i=9', 360);
    await phone.$eval('#input td', (cell) => cell.scrollIntoView({ block: 'start' }));
    const box = await phone.$eval('#output table', (table) => table.getBoundingClientRect().toJSON() as DOMRect);
    expect(box.top).toBeGreaterThan(0);
    expect(box.bottom).toBeLessThanOrEqual(800);
  });

  it('bears the largest of everything', async () => {
    const most = (key: keyof typeof limits) => limits[key][1];
    const largest = config({
      operator: 'transposed',
      input: [most('input'), most('input')],
      kernel: [most('kernel'), most('kernel')],
      stride: [most('stride'), most('stride')],
      dilation: [most('dilation'), most('dilation')],
      padding: [0, 0],
      outputPadding: [most('outputPadding'), most('outputPadding')],
      ic: most('ic'),
      oc: most('oc'),
    });
    const page = await open(queryOf(largest));
    await expectOutput(page, largest);
    expect(await textOf(page, '#matrix-c')).toContain('too many to draw');
  });
});
