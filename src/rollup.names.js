// What ships says names of the inside short: bundles where they name a property, binaries where they export a kernel.
import { readFileSync } from 'node:fs';
import MagicString from 'magic-string';
import { inline, inlineOne } from '../assembly/inline.mjs';

/** Names of kernels that nothing else has: those with a capital letter. Others may be names of options, too. */
const names = [...readFileSync('src/wasm/boundary.ts', 'utf8').matchAll(/^(\w+)\(.*\): \w+;$/gm)]
  .map(([, name]) => name)
  .filter((name) => /[A-Z]/.test(name));
/** Properties of objects that no caller sees; no declaration that ships has one of these names, which a test holds. */
export const inner = [
  ...['prepare', 'refuses', 'runs', 'cells', 'product', 'steps', 'plane', 'spatial', 'recall', 'declines', 'door'],
  ...['pitch', 'weights', 'grid'],
  ...['channelsLast', 'scratchBytes', 'yShape', 'ownBytes', 'sharedBytes', 'weightsLast', 'segmentCount', 'pointCount'],
  ...['groupPanelBytes', 'relativeCost', 'pdEnd', 'phEnd', 'pwEnd', 'blockTiles', 'makesU', 'addressOf', 'weightGroup'],
  ...['pushAddress', 'stagedPixels', 'panelStep', 'uDepth', 'planesShape', 'uPoint', 'chunkPixels', 'weightPanel'],
  ...['groupIc', 'indexBytes', 'windowRows', 'windowTaps', 'bandPixels', 'columnsShape', 'batchShape', 'kStep'],
  ...['offsets', 'tiles', 'period', 'exponent', 'regular'],
];
/** Kernels have objects of their own; of other objects no property is one capital letter. */
const small = 'abcdefghijklmnopqrstuvwxyz';
const short = (letters) => (name, i) => [name, letters[i] ?? `$${letters[i - letters.length]}`];
const shortOf = new Map([...names.map(short(`${small}${'$_'}`)), ...inner.map(short(small.toUpperCase()))]);

/** Id of the section of exports. */
const EXPORTS = 7;

/** A number in LEB128. */
const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);

/** Reads LEB128 and runs of bytes. */
const reader = (bytes, at = 0) => ({
  more: () => at < bytes.length,
  take: (count) => bytes.subarray(at, (at += count)),
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  },
});

function exportsOf(section) {
  const from = reader(section);
  const count = from.number();
  const list = Array.from({ length: count }, () => {
    const name = from.take(from.number()).toString();
    const short = Buffer.from(shortOf.get(name) ?? name);
    return [...leb(short.length), ...short, ...from.take(1), ...leb(from.number())];
  });
  return [...leb(count), ...list.flat()];
}

/** A compiled build as it ships. */
export function shipped(build) {
  const from = reader(readFileSync(`build/wasm/${build}.wasm`));
  const parts = [from.take(8)];
  while (from.more()) {
    const [id] = from.take(1);
    const section = from.take(from.number());
    const content = id === EXPORTS ? exportsOf(section) : section;
    parts.push(Buffer.from([id, ...leb(content.length)]), Buffer.from(content));
  }
  return Buffer.concat(parts);
}

const texts = {
  inline: () => inline({ simd: shipped('simd'), relaxed: shipped('relaxed') }),
  nn: () => inlineOne(shipped('nn')),
  'nn-tfjs': () => inlineOne(shipped('nn-tfjs')),
};

/** Properties of an object and literals, which may name one. */
function* inside(node) {
  for (const child of Object.values(node).flat()) {
    if (typeof child?.type !== 'string') continue;
    if (child.type === 'MemberExpression' && !child.computed) yield { name: child.property };
    if (/^(Property|PropertyDefinition|MethodDefinition)$/.test(child.type) && !child.computed)
      yield { name: child.key, shorthand: child.shorthand };
    if (child.type === 'Literal') yield { name: child, quote: "'" };
    yield* inside(child);
  }
}

export const shortNames = {
  name: 'short-names',
  load(id) {
    const [, text] = /build\/wasm\/(inline|nn|nn-tfjs)\.js$/.exec(id) ?? [];
    return text ? { code: texts[text](), map: { mappings: '' } } : null;
  },
  transform(code, id) {
    if (!id.includes('build/js/src')) return null;
    const text = new MagicString(code);
    const found = new Map([...inside(this.parse(code))].map((item) => [item.name.start, item]));
    for (const { name, shorthand, quote = '' } of found.values()) {
      const long = name.name ?? name.value;
      // a literal may be a word of another package
      if (quote && inner.includes(long) && !id.endsWith('/boundary.js')) continue;
      const short = shortOf.get(long);
      if (shorthand && short) text.prependLeft(name.start, `${short}: `);
      else if (short) text.overwrite(name.start, name.end, quote + short + quote);
    }
    return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
  },
};
