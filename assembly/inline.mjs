// The module that carries both builds as text. Hex, because every byte stays a unit of its own there: base64 cuts
// through bytes, so that brotli finds less to repeat (a third more for the same kernels). The strict build is written
// as its difference from the relaxed one, which halves the text, and gzip, whose window does not reach from one build
// to the other.

/**
 * A strict build as far as a rule goes, in hex: `a; b; c; f32x4.relaxed_madd` becomes `a; b; f32x4.mul; c; f32x4.add`,
 * where c is a local or such a sum of locals in its turn. What the rule misses, such as the sizes of functions, is left
 * to the steps.
 */
const unfused = (hex) => {
  for (let i = 0, c = '20..'; i < 4; i++, c = `20..20..fde601${c}fde401`)
    hex = hex.replace(RegExp(`(${c})fd8502`, 'g'), 'fde601$1fde401');
  return hex;
};

/** Applies steps: bytes to copy, bytes to skip, digits to insert, and so on. */
const patched = (hex, steps) => {
  const words = steps.split(',');
  let text = '';
  for (let i = 0, at = 0; i < words.length; i += 3) {
    const end = at + 2 * words[i];
    text += hex.slice(at, end) + words[i + 2];
    at = end + 2 * words[i + 1];
  }
  return text;
};

/**
 * Bytes that must agree after a difference before copying goes on (3 to 24 make the text up to 270 bytes larger,
 * compressed).
 */
const AGREE = 4;
/** Most bytes to skip and insert for one difference; beyond it the rest is inserted. */
const REACH = 4096;

const agree = (from, i, to, j, count) => from.subarray(i, i + count).equals(to.subarray(j, j + count));

/** The nearest place after a difference where both agree again: bytes to skip and bytes to insert. */
function meet(from, i, to, j) {
  for (let distance = 1; distance < REACH; distance++) {
    for (let skip = 0; skip <= distance; skip++) {
      const insert = distance - skip;
      if (
        i + skip + AGREE <= from.length &&
        j + insert + AGREE <= to.length &&
        agree(from, i + skip, to, j + insert, AGREE)
      ) {
        return [skip, insert];
      }
    }
  }
  return [from.length - i, to.length - j];
}

/** Steps that turn one buffer into the other, in hex. */
function steps(from, to) {
  const list = [];
  for (let i = 0, j = 0; i < from.length || j < to.length; ) {
    let copy = 0;
    while (i + copy < from.length && j + copy < to.length && from[i + copy] === to[j + copy]) copy++;
    i += copy;
    j += copy;
    const [skip, insert] = i < from.length || j < to.length ? meet(from, i, to, j) : [0, 0];
    list.push(copy, skip, to.toString('hex', j, j + insert));
    i += skip;
    j += insert;
  }
  return list.join();
}

/**
 * Text of `inline.js`. The text stands in one place, between statements: minifiers copy a function that only returns it
 * into each of its callers.
 */
export const inline = ({ simd, relaxed }) => {
  const hex = relaxed.toString('hex');
  const difference = steps(Buffer.from(unfused(hex), 'hex'), simd);
  return `const unfused = ${unfused};
const patched = ${patched};
export const kernels = (strict) => {
  let hex = '${hex}';
  if (strict) hex = patched(unfused(hex), '${difference}');
  return hex;
};
`;
};

/** Text of a module with a single build. */
export const inlineOne = (build) => `export const kernels = () => {
  let hex = '${build.toString('hex')}';
  return hex;
};
`;

/** Declarations of both. */
export const declarations = {
  inline:
    '/** The strict or the relaxed build, in hex. */\nexport declare const kernels: (strict: boolean) => string;\n',
  one: '/** The build, in hex. */\nexport declare const kernels: () => string;\n',
};
