import type { Page } from 'puppeteer-core';
import { expect } from 'vitest';
import type { Config } from '../../../examples/page/src/explorer/config.js';
import { evaluate } from '../../../examples/page/src/explorer/evaluate.js';
import { show } from '../../../examples/page/src/number.js';
import { expectExact } from '../../support/bounds.js';
import { definition } from '../definition.js';

interface Grid {
  readonly values: number[];
  readonly texts: string[];
  /** Numbers of the cells that have a class. */
  readonly window: number[];
  readonly chosen: number[];
}

/** A grid as it is drawn. */
export async function gridOf(page: Page, id: string): Promise<Grid> {
  // typed arrays and NaN do not pass between a browser and a test
  const found = await page.evaluate((name) => {
    const cells = [...document.querySelectorAll<HTMLElement>(`#${name} td`)];
    const having = (word: string) => cells.flatMap((cell, i) => (cell.classList.contains(word) ? [i] : []));
    return {
      values: cells.map((cell) => cell.dataset.value ?? ''),
      texts: cells.map((cell) => cell.textContent ?? ''),
      window: having('window'),
      chosen: having('chosen'),
    };
  }, id);
  return { ...found, values: found.values.map(Number) };
}

export const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => (element as HTMLElement).innerText);

export const isHidden = (page: Page, selector: string): Promise<boolean> =>
  page.$eval(selector, (element) => !element.checkVisibility());

/** The output grid holds what the library computes, and what the definition says. */
export async function expectOutput(page: Page, config: Config): Promise<void> {
  const { values, texts } = await gridOf(page, 'output');
  const { x, weight, y } = evaluate(config);
  expectExact(values, y.data);
  const { data } = definition(config, x, weight);
  expectExact(Float32Array.from(values), data);
  expect(texts).toEqual(Array.from(y.data, show));
}
