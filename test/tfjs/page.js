// The page of examples/tensorflow in Chromium: both kinds of models, with and without shared memory, and what it says
// of files that are no model.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '../browsers/drivers/chromium.js';
import { install } from '../package/install.js';

const example = new URL('../../examples/tensorflow/', import.meta.url);

/** Chooses files, runs, and gives what the page says. */
async function visit(page, paths) {
  await page.setInputFiles('#files', paths);
  await page.fill('#open', '32');
  await page.click('#run');
  await page.waitForSelector('#run:not([disabled])', { timeout: 60_000 });
  const text = (selector) => page.textContent(selector);
  return {
    status: await text('#status'),
    difference: await text('#difference'),
    times: await page.$$eval('#result:not([hidden]) td', (cells) =>
      cells.map(({ textContent }) => Number(textContent)),
    ),
  };
}

/** What a page that works says of a model. */
function check({ status, difference, times }, threads) {
  assert.match(status, /on wasm, threads: \d+\. (simd|relaxed) build of Stridewise/);
  assert.match(status, new RegExp(`Stridewise, threads: ${threads}\\.`));
  assert.equal(times.length, 6, 'two rows of three cells');
  for (const time of times) assert.ok(time > 0 && Number.isFinite(time), `${time} is a time or a ratio`);
  const [most, rms] = difference.match(/\d\.\de[+-]\d+/g).map(Number);
  assert.ok(rms > 1e-3, `outputs of ${rms}`);
  assert.ok(most <= 1e-5 * rms, `differences of ${most} at ${rms}`);
}

async function main() {
  install(new URL('./', import.meta.url));
  install(new URL('../browsers/', import.meta.url));
  install(example);
  const { buildPage } = await import(new URL('build.js', example));
  const { serve } = await import('../../examples/page/serve.js');
  const { graphModel, layersModel } = await import('./models.js');
  const { chromium: driver } = createRequire(new URL('../browsers/run.js', import.meta.url))('playwright-core');
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  const browser = await driver.launch({ executablePath: chromium.find(), args: ['--no-sandbox'] });
  try {
    await buildPage(join(folder, 'page'));
    const path = (name) => join(folder, name);
    const write = (name, content) => writeFileSync(path(name), content);
    await layersModel('layers', write);
    graphModel('graph', write);
    for (const isolated of [false, true]) {
      const server = await serve(join(folder, 'page'), 0, isolated);
      const page = await browser.newPage();
      await page.goto(server.address);
      await page.waitForSelector('body[data-ready]');
      const fetched = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
      assert.equal(
        fetched.some((name) => name.endsWith('threaded-simd.wasm')),
        isolated,
      );
      const memory = isolated ? 'shared memory' : 'memory of its own';
      const cores = await page.evaluate(() => Math.min(16, navigator.hardwareConcurrency));
      for (const name of ['layers', 'graph']) {
        check(await visit(page, [path(`${name}.bin`), path(`${name}.json`)]), isolated ? cores : 1);
        console.log(`${name} model, ${memory}: passed`);
      }
      const { status, times } = await visit(page, [path('layers.json')]);
      assert.match(status, /layers\.bin missing/);
      assert.equal(times.length, 0, 'no times of another model');
      console.log(`weights missing, ${memory}: passed`);
      await page.close();
      server.close();
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (chromium.find()) await main();
else {
  console.error(`Chromium missing: apt-get install --no-install-recommends ${chromium.packages}`);
  process.exitCode = 1;
}
