// The module that carries both builds as text. Hex, because every byte stays a unit of its own there: base64 cuts through bytes, so that brotli
// finds less to repeat (a third more for the same kernels). The strict build is written as its difference from the relaxed one, which halves the
// text, and gzip, whose window does not reach from one build to the other.

/** Bytes that must agree after a difference before copying goes on. */
const AGREE = 12;
/** Most bytes to skip and insert for one difference; beyond it the rest is inserted. */
const REACH = 4096;

const agree = (from, i, to, j, count) => from.subarray(i, i + count).equals(to.subarray(j, j + count));

/** The nearest place after a difference where both agree again: bytes to skip and bytes to insert. */
function meet(from, i, to, j) {
  for (let distance = 1; distance < REACH; distance++) {
    for (let skip = 0; skip <= distance; skip++) {
      const insert = distance - skip;
      if (i + skip + AGREE <= from.length && j + insert + AGREE <= to.length && agree(from, i + skip, to, j + insert, AGREE)) {
        return [skip, insert];
      }
    }
  }
  return [from.length - i, to.length - j];
}

/** Steps [hex digits to copy, hex digits to skip, hex digits to insert] that turn one buffer into the other. */
function steps(from, to) {
  const list = [];
  for (let i = 0, j = 0; i < from.length || j < to.length; ) {
    let copy = 0;
    while (i + copy < from.length && j + copy < to.length && from[i + copy] === to[j + copy]) copy++;
    i += copy;
    j += copy;
    const [skip, insert] = i < from.length || j < to.length ? meet(from, i, to, j) : [0, 0];
    list.push([copy * 2, skip * 2, to.toString('hex', j, j + insert)]);
    i += skip;
    j += insert;
  }
  return list;
}

/** Text of `inline.js`. */
export const inline = ({ simd, relaxed }) =>
  `export const relaxed = '${relaxed.toString('hex')}';\nexport const simdFromRelaxed = ${JSON.stringify(steps(relaxed, simd))};\n`;

/** Its declarations. */
export const declarations =
  'export declare const relaxed: string;\nexport declare const simdFromRelaxed: readonly (readonly [number, number, string])[];\n';
