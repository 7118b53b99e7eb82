// The modules that carry builds as text: a printable ASCII character for every byte, because a byte stays a unit of its
// own then. Base64 cuts through bytes, so that brotli finds less to repeat (a third more for the same kernels); hex,
// with two characters a byte, is 8 % more, and twice as long before compression.

/**
 * Bytes by the characters from ' ' to '~' that stand for them, in letters (see `letters`). Those that kernels hold
 * most often have one. The order was found by swapping pairs as long as brotli made less of the text: its contexts tell
 * vowels from consonants, and so on. Quotes and the backslash stand for nothing, so that the text needs no escapes.
 */
const TABLE =
  'ebbkaaejbecbekaaccbiifbndabccacemaeoeeajadbmdmhlaaoeolaeelpnaceappeigmefcmokapbgdgckgkglcigaanhp' +
  'diblbhheehfagnagfkakaogfaabjamkkboaihabbedafdpabflofgedegdegbpemgbgpbdhbhcahiabaalfeogpabfgjaa';

/** Stands for a byte that has no character. */
const RARE = '~';

const DIGITS = 'abcdefghijklmnop';

/** A byte in two letters, hex digits from a to p. */
const letters = (byte) => DIGITS[byte >> 4] + DIGITS[byte & 15];

const characters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const characterOf = new Map(
  characters
    .filter((character) => !`'"\\${RARE}`.includes(character))
    .map((character) => [TABLE.slice(2 * characters.indexOf(character)).slice(0, 2), character]),
);

/** Text of bytes: the table, a character for each byte, and the rare bytes in letters, the first one last. */
function encode(bytes) {
  let text = TABLE;
  let rare = '';
  for (const byte of bytes) {
    const character = characterOf.get(letters(byte));
    text += character ?? RARE;
    if (!character) rare = letters(byte) + rare;
  }
  return text + rare;
}

/**
 * A strict build as far as a rule goes, in text: `a; b; c; f32x4.relaxed_madd` becomes `a; b; f32x4.mul; c; f32x4.add`,
 * where c is a local or such a sum of locals in its turn. What the rule misses, such as the sizes of functions, is left
 * to the steps.
 */
const unfused = (text, get, madd, mul, add) => {
  const literally = (characters) => characters.replace(/\W/g, '\\$&');
  const local = `${literally(get)}.`;
  for (let i = 0, c = local; i < 4; i++, c = local + local + literally(mul) + c + literally(add))
    text = text.replace(RegExp(`(${c})${literally(madd)}`, 'g'), (_, c) => mul + c + add);
  return text;
};

/** What the rule is about, in text. */
const INSTRUCTIONS = [[0x20], [0xfd, 0x85, 0x02], [0xfd, 0xe6, 0x01], [0xfd, 0xe4, 0x01]].map((bytes) =>
  encode(bytes).slice(TABLE.length),
);

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

/** A text between quotes, which no page that holds the script may take for its end. */
function quoted(text) {
  if (/<[!/]/.test(text))
    throw new Error('the text of the kernels holds what ends a script in a page: change its table');
  return `'${text}'`;
}

/**
 * Text of `inline.js`. The strict build is written as its difference from the relaxed one, which halves the text, and
 * gzip, whose window does not reach from one build to the other. The text stands in one place, between statements:
 * minifiers copy a function that only returns it into each of its callers.
 */
export function inline({ simd, relaxed }) {
  const text = encode(relaxed);
  const words = INSTRUCTIONS.map((instruction) => `'${instruction}'`).join();
  const difference = steps(unfused(text, ...INSTRUCTIONS), encode(simd));
  return `const unfused = ${unfused};
const patched = ${patched};
export const kernels = (strict) => {
  let text = ${quoted(text)};
  if (strict) text = patched(unfused(text, ${words}), ${quoted(difference)});
  return text;
};
`;
}

/** Text of a module with a single build. */
export const inlineOne = (build) => `export const kernels = () => {
  let text = ${quoted(encode(build))};
  return text;
};
`;

/** Declarations of both. */
export const declarations = {
  inline:
    '/** The strict or the relaxed build, as text. */\nexport declare const kernels: (strict: boolean) => string;\n',
  one: '/** The build, as text. */\nexport declare const kernels: () => string;\n',
};
