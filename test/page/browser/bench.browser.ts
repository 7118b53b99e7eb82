import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reportHtml } from '../../../bench/html.js';
import { type Report, readReport } from '../../../bench/report.js';
import { browserNames, Driver, until, type Visit } from './driver.js';
import { isHidden, textOf } from './explorer-page.js';
import { keepFiles, lastFile } from './files.js';
import { sampleReport } from './sample-report.js';

const statusIs = (page: Page, word: string) =>
  until(page, `document.querySelector('#status').textContent.startsWith('${word}')`, 100_000);

const plots = ['plot-layers', 'plot-pools', 'plot-roofline', 'plot-threads', 'plot-scaling', 'plot-peers'];

/** How many colours a plot has: one that is empty has one. */
const colours = (page: Page, id: string) =>
  page.$eval(`#${id}`, (element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

describe.each(browserNames)('the benchmark in %s', (name) => {
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
    visit = await driver.visit(query, 1280, keepFiles);
    return visit.page;
  };
  const choose = async (page: Page, content: string) => {
    const file = join(folder, 'chosen.json');
    writeFileSync(file, content);
    await ((await page.$('#compare')) as ElementHandle<HTMLInputElement>).uploadFile(file);
  };

  it('runs in every build, shows progress, draws, saves, and compares', async () => {
    const page = await open('?tab=bench&n=1&filter=lenet-5');
    expect(await textOf(page, '#run')).toBe('Run 2 problems');
    await page.click('#run');
    await until(page, `document.querySelector('progress').checkVisibility()`);
    await statusIs(page, 'Done: 6 measurements');
    expect(await isHidden(page, 'progress')).toBe(true);
    // the roofline leaves out what a busy machine spoilt: that may be all
    expect(await colours(page, 'plot-layers')).toBeGreaterThan(10);
    expect(await isHidden(page, '#report-pools')).toBe(true);

    await page.click('#save-json');
    const saved = (await lastFile(page)).toString();
    const report: Report = readReport(saved);
    expect(report.rows.map(({ title, build }) => `${title}, ${build}`)).toEqual([
      'lenet 5x5 1-6@28, strict',
      'lenet 5x5 1-6@28, relaxed',
      'lenet 5x5 1-6@28, plain',
      'lenet 5x5 6-16@14, strict',
      'lenet 5x5 6-16@14, relaxed',
      'lenet 5x5 6-16@14, plain',
    ]);
    for (const row of report.rows) {
      expect(row.failure).toBeUndefined();
      expect(row.rate).toBeGreaterThan(0);
      if (row.build !== 'plain') expect(row.peakGflops).toBeGreaterThan(0);
    }
    expect(report.bandwidth).toBeGreaterThan(0);
    expect(report.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Date.now() - Date.parse(report.date!)).toBeLessThan(600_000);
    expect(await textOf(page, '.report')).toContain('LeNet-5: 5×5, 1 → 6 channels, 28×28');

    await page.click('#save-png');
    await until(page, 'files.length === 2');
    const picture = await lastFile(page);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.readUInt32BE(16)).toBeGreaterThan(600);
    expect(picture.readUInt32BE(20)).toBeGreaterThan(600);

    const faster = {
      ...report,
      machine: 'another machine',
      rows: report.rows.map((row) => ({ ...row, rate: row.rate! * 2 })),
    };
    await choose(page, JSON.stringify(faster));
    await statusIs(page, 'Comparing with another machine');
    const table = await textOf(page, '#report-tables');
    expect(table.match(/0\.500 ×/g)).toHaveLength(6);
    expect(table).toContain('this : compared (above 1 is faster)');
  });

  it('stops at once, and keeps what was done', async () => {
    const page = await open('?tab=bench&n=1');
    await page.click('#run');
    await until(page, `document.querySelector('progress').value >= 2`);
    expect(await page.$eval('#run', (button) => (button as HTMLButtonElement).disabled)).toBe(true);
    const before = Date.now();
    await page.click('#stop');
    await statusIs(page, 'Stopped');
    // a problem takes longer than this, stopping does not wait for it
    expect(Date.now() - before).toBeLessThan(5000);
    expect(await textOf(page, '#status')).toMatch(
      /^Stopped: [1-9]\d* measurements?(, \d+ spoilt by a busy machine)?\.$/,
    );
    expect(await page.$eval('#run', (button) => (button as HTMLButtonElement).disabled)).toBe(false);
    expect(await isHidden(page, '#report-tables')).toBe(false);
  });

  it('runs on several threads where the page is isolated, and shows what comes of it', async () => {
    const page = await open('?tab=bench&n=1&filter=r50+3x3+64&builds=strict&t=1,2');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.click('#run');
    await statusIs(page, 'Done: 2 measurements');
    await page.click('#save-json');
    const { rows } = readReport((await lastFile(page)).toString());
    expect(rows.map(({ threads, failure }) => [threads, failure])).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
    expect(await textOf(page, '#report-tables')).toContain('strict, 2 threads');
  });

  it('runs either variant of the hot loops, and TensorFlow.js from its own host', async () => {
    const page = await open('?tab=bench&n=1&filter=r50+3x3+64&builds=strict,tfjs&tunes=auto,x86,arm');
    expect(visit.requests.some((url) => url.includes('/tfjs'))).toBe(false);
    await page.click('#run');
    // this processor's own variant is run once
    await statusIs(page, 'Done: 3 measurements');
    await page.click('#save-json');
    const { processor, rows } = readReport((await lastFile(page)).toString());
    expect(processor).toBe('x86');
    expect(rows.map(({ build, tune, failure }) => [build, tune, failure])).toEqual([
      ['strict', undefined, undefined],
      ['strict', 'arm', undefined],
      ['tfjs', undefined, undefined],
    ]);
    for (const { rate } of rows) expect(rate).toBeGreaterThan(0);
    expect(await textOf(page, '.machine')).toContain('x86 processor, hot loops for x86 and aarch64');
    const table = await textOf(page, '#report-tables');
    expect(table).toContain('strict, loops for aarch64');
    expect(table).toContain('TensorFlow.js 4.');
    if (rows.every(({ spoilt }) => spoilt === undefined))
      expect(await textOf(page, '.headline')).toContain('times tfjs-wasm');
  });

  it('marks what a busy machine spoilt, and counts it nowhere', async () => {
    const page = await open('?tab=bench');
    await choose(page, JSON.stringify(sampleReport()));
    await statusIs(page, 'This is a machine.');
    expect(await textOf(page, '.machine')).toContain(
      '1 measurement spoilt by a busy machine: pale, and counted nowhere',
    );
    const mark = await page.$eval('#report-tables [title*="484"]', (element) => element.textContent);
    expect(mark).toBe('spoilt: busy machine');
    expect(await textOf(page, '.headline')).toContain('Stridewise 1.2.3: ');
  });

  it('has an address for every choice', async () => {
    const page = await open('?tab=bench');
    await page.click('#builds-strict');
    await page.click('#lists-layers');
    await page.click('#lists-networks');
    await page.select('#layout', 'NCHW');
    await page.select('#memory', 'heap');
    await page.click('#repetitions', { count: 3 });
    await page.type('#repetitions', '3');
    await page.type('#filter', 'mobile');
    const wanted =
      '?tab=bench&builds=relaxed%2Cplain&lists=networks%2Cscaling&layout=NCHW&memory=heap&n=3&filter=mobile';
    await until(page, `location.search === '${wanted}'`);
    const run = await textOf(page, '#run');
    await page.close();
    const again = await open(wanted);
    expect(await textOf(again, '#run')).toBe(run);
    expect(await again.$eval('#builds-strict', (box) => (box as HTMLInputElement).checked)).toBe(false);
    expect(await again.$eval('#lists-networks', (box) => (box as HTMLInputElement).checked)).toBe(true);
    await again.click('#builds-relaxed');
    await again.click('#builds-plain');
    expect(await again.$eval('#run', (button) => (button as HTMLButtonElement).disabled)).toBe(true);
    await again.type('#filter', 'qqq');
    await until(again, `document.querySelector('#run').textContent === 'No problem matches'`);
  });

  it('shows a report that was saved elsewhere, and refuses what is none', async () => {
    const page = await open('?tab=bench');
    await choose(page, 'x');
    await until(page, `document.querySelector('[role=alert]').checkVisibility()`);
    expect(await textOf(page, '[role=alert]')).toBe('This file holds no JSON.');
    await choose(page, JSON.stringify(sampleReport()));
    await statusIs(page, 'This is a machine.');
    for (const plot of plots) expect(await colours(page, plot)).toBeGreaterThan(10);
    expect(await isHidden(page, '[role=alert]')).toBe(true);
  });

  it('writes the same report as one file, with the peers', async () => {
    const file = join(folder, 'report.html');
    writeFileSync(file, await reportHtml(sampleReport()));
    visit = await driver.visitFile(file);
    const { page } = visit;
    await page.waitForSelector('.report:not([hidden])');
    for (const plot of plots) {
      expect(await colours(page, plot)).toBeGreaterThan(10);
    }
    expect(await textOf(page, '#report-peers')).toContain('Geometric mean of the ratios to the best peer: 2.50');
    expect(await textOf(page, '#report-tables')).toContain('ResNet-50');
    expect(visit.requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    expect(readFileSync(file, 'utf8')).not.toContain('http://localhost');
  });
});
