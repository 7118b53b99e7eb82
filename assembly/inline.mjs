// The modules that carry builds as text (see text/encode.mjs).
import { encode, opcodesOf } from './text/encode.mjs';

/**
 * A strict build as far as a rule goes, in text: `a; b; c; f32x4.relaxed_madd` becomes `a; b; f32x4.mul; c; f32x4.add`,
 * where c is a local or such a sum of locals in its turn: locals stand elsewhere in the text, in the same order. What the
 * rule misses, such as the sizes of functions, is left to the steps.
 */
const unfused = (text, get, madd, mul, add) => {
  const literally = (characters) => characters.replace(/\W/g, '\\$&');
  const local = literally(get);
  for (let i = 0, c = local; i < 4; i++, c = local + local + literally(mul) + c + literally(add))
    text = text.replace(RegExp(`(${c})${literally(madd)}`, 'g'), (_, c) => mul + c + add);
  return text;
};

/** Applies steps: characters to copy, characters to skip, characters to insert, and so on. */
const patched = (text, steps) => {
  const words = steps.split('"');
  let result = '';
  for (let i = 0, at = 0; i < words.length; i += 3) {
    const end = at + +words[i];
    result += text.slice(at, end) + words[i + 2];
    at = end + +words[i + 1];
  }
  return result;
};

/**
 * Characters that must agree after a difference before copying goes on (3 to 24 make the text up to 270 bytes larger,
 * compressed).
 */
const AGREE = 4;
/** Most characters to skip and insert for one difference; beyond it the rest is inserted. */
const REACH = 4096;

/** The nearest place after a difference where both agree again: characters to skip and characters to insert. */
function meet(from, i, to, j) {
  for (let distance = 1; distance < REACH; distance++) {
    for (let skip = 0; skip <= distance; skip++) {
      const insert = distance - skip;
      if (
        i + skip + AGREE <= from.length &&
        j + insert + AGREE <= to.length &&
        from.startsWith(to.slice(j + insert, j + insert + AGREE), i + skip)
      ) {
        return [skip, insert];
      }
    }
  }
  return [from.length - i, to.length - j];
}

/** Steps that turn one text into the other. */
function steps(from, to) {
  const list = [];
  for (let i = 0, j = 0; i < from.length || j < to.length; ) {
    let copy = 0;
    while (i + copy < from.length && j + copy < to.length && from[i + copy] === to[j + copy]) copy++;
    i += copy;
    j += copy;
    const [skip, insert] = i < from.length || j < to.length ? meet(from, i, to, j) : [0, 0];
    list.push(copy, skip, to.slice(j, j + insert));
    i += skip;
    j += insert;
  }
  return list.join('"');
}

/**
 * Text of `inline.js`. The strict build is written as its difference from the relaxed one, which halves the text, and
 * gzip, whose window does not reach from one build to the other. The text is no part of a function: engines read
 * functions again when they are called.
 */
export function inline({ simd, relaxed }) {
  const text = encode(relaxed);
  const opcodes = opcodesOf();
  const words = opcodes.map((opcode) => `'${opcode}'`).join();
  const difference = steps(unfused(text, ...opcodes), encode(simd));
  return `const unfused = ${unfused};
const patched = ${patched};
const text = '${text}';
export const kernels = (strict) => strict ? patched(unfused(text, ${words}), '${difference}') : text;
`;
}

/** Text of a module with a single build. */
export const inlineOne = (build) => `const text = '${encode(build)}';
export const kernels = () => text;
`;

/** Declarations of both, and of what makes bytes of their text. */
export const declarations = {
  inline:
    '/** The strict or the relaxed build, as text. */\nexport declare const kernels: (strict: boolean) => string;\n',
  decoder: '/** A module of the function `decode`. */\nexport declare const decoder: readonly number[];\n',
  one: '/** The build, as text. */\nexport declare const kernels: () => string;\n',
};
