import { describe, expect, it } from 'vitest';
import { wat } from '../support/builds.js';

/** The body of an exported function of a build, as text. */
function bodyOf(text: string, name: string): string {
  const symbol = new RegExp(`\\(export "${name}" \\(func (\\S+)\\)\\)`).exec(text)?.[1] as string;
  const begin = text.indexOf(`\n (func ${symbol} `);
  const end = text.indexOf('\n (func ', begin + 1);
  return text.slice(begin, end < 0 ? undefined : end);
}

/** The expression that starts at `begin`. */
function expressionAt(text: string, begin: number): string {
  let depth = 0;
  let at = begin;
  do depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
  while (++at < text.length && depth > 0);
  return text.slice(begin, at);
}

/** Loops that hold no other loop. */
const innerLoops = (body: string) =>
  [...body.matchAll(/\(loop /g)]
    .map(({ index }) => expressionAt(body, index))
    .filter((loop) => loop.lastIndexOf('(loop ') === 0);

/** Register tiles: vectors, splats and products in a step of k. */
const tiles = [
  ...[1, 2, 3, 4, 5, 6].map((rows) => ({ name: `tile${rows}x8`, vectors: 2, splats: rows, products: 2 * rows })),
  { name: 'tile1x32', vectors: 8, splats: 1, products: 8 },
  { name: 'tile2x16', vectors: 4, splats: 2, products: 8 },
  { name: 'dots1x4', vectors: 10, splats: 0, products: 8 },
  { name: 'dots2x4', vectors: 6, splats: 0, products: 8 },
];

describe.each(['simd', 'relaxed'] as const)('%s build', (build) => {
  const text = wat(build);

  it.each(tiles)('$name computes without calls, and every product enters its own accumulator', (tile) => {
    const [loop] = innerLoops(bodyOf(text, tile.name));
    const count = (instruction: string) => loop.split(`(${instruction}`).length - 1;
    expect(count('call')).toBe(0);
    expect(count('v128.load ') + count('v128.load\n')).toBe(tile.vectors);
    expect(count('v128.load32_splat')).toBe(tile.splats);
    expect(count('f32x4.relaxed_madd')).toBe(build === 'relaxed' ? tile.products : 0);
    expect(count('f32x4.mul')).toBe(build === 'relaxed' ? 0 : tile.products);
    expect(count('f32x4.add')).toBe(build === 'relaxed' ? 0 : tile.products);
    expect(loop).not.toMatch(/store/);
  });

  it.each([
    { name: 'sums1x16', vectors: 16, products: 16 },
    { name: 'sums2x8', vectors: 8, products: 16 },
  ])('$name reads four rows in a turn, each vector once, and what it adds to', ({ name, vectors, products }) => {
    const [loop] = innerLoops(bodyOf(text, name));
    const count = (instruction: string) => loop.split(`(${instruction}`).length - 1;
    expect(count('v128.load ') + count('v128.load\n')).toBe(vectors + 4);
    expect(count('f32x4.mul')).toBe(build === 'relaxed' ? 4 : products);
    expect(count('f32x4.relaxed_madd')).toBe(build === 'relaxed' ? products - 4 : 0);
    expect(count('v128.store')).toBe(4);
    expect(loop).not.toMatch(/call|splat/);
  });

  it('tile4x16 takes four steps of k a turn, and no sum of a step is moved into another', () => {
    const [loop] = innerLoops(bodyOf(text, 'tile4x16'));
    const [head, ...steps] = loop.split(/\(br_if (?!\$\w+\)$)/);
    const count = (of: string, instruction: string) => of.split(`(${instruction}`).length - 1;
    const product = build === 'relaxed' ? 'f32x4.relaxed_madd' : 'f32x4.mul';
    expect(count(head, 'v128.load')).toBe(4);
    expect(steps.map((step) => count(step, product))).toEqual([16, 16, 16, 16]);
    expect(steps.map((step) => count(step, 'v128.load'))).toEqual([4, 4, 4, 4]);
    expect(count(loop, 'i8x16.shuffle')).toBe(16);
    expect(loop).not.toMatch(/store|call|splat/);
  });
});
