// How the ten digits are written: strokes in a unit square, x to the right, y down, as polylines.

/** @typedef {readonly [number, number]} Point */
/** @typedef {readonly Point[]} Stroke */

/** Segments of a whole turn. */
const FINENESS = 20;

/**
 * Part of an ellipse. Turns: 0.5 is left, 0.75 the top, 1 right, 1.25 the bottom.
 * @param {number} x @param {number} y centre @param {number} rx @param {number} ry radii @param {number} from @param
 * {number} to in turns
 * @returns {Point[]}
 */
function arc(x, y, rx, ry, from, to) {
  const count = Math.ceil(FINENESS * (to - from));
  return Array.from({ length: count + 1 }, (_, i) => {
    const angle = 2 * Math.PI * (from + ((to - from) * i) / count);
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });
}

/** Ways to write each digit. @type {readonly (readonly (readonly Stroke[])[])[]} */
export const glyphs = [
  [[arc(0.5, 0.5, 0.45, 0.5, 0, 1)], [arc(0.5, 0.5, 0.32, 0.5, 0, 1)]],
  [
    [
      [
        [0.25, 0.25],
        [0.6, 0],
        [0.6, 1],
      ],
    ],
    [
      [
        [0.5, 0],
        [0.5, 1],
      ],
    ],
    [
      [
        [0.25, 0.25],
        [0.55, 0],
        [0.55, 1],
      ],
      [
        [0.2, 1],
        [0.9, 1],
      ],
    ],
  ],
  [[[...arc(0.48, 0.29, 0.43, 0.29, 0.53, 1.1), [0.05, 1], [0.95, 1]]]],
  [
    [[...arc(0.45, 0.25, 0.4, 0.25, 0.55, 1.2), [0.4, 0.48]], arc(0.43, 0.73, 0.47, 0.27, 0.76, 1.45)],
    [[[0.08, 0], [0.85, 0], [0.42, 0.42], ...arc(0.43, 0.71, 0.45, 0.29, 0.78, 1.45)]],
  ],
  [
    [
      [
        [0.7, 1],
        [0.7, 0],
        [0.02, 0.68],
        [0.98, 0.68],
      ],
    ],
    [
      [
        [0.25, 0],
        [0.08, 0.55],
        [0.95, 0.55],
      ],
      [
        [0.75, 0.15],
        [0.68, 1],
      ],
    ],
  ],
  [[[[0.92, 0], [0.2, 0], [0.12, 0.44], ...arc(0.43, 0.68, 0.48, 0.32, 0.66, 1.42)]]],
  [[[[0.8, 0], [0.45, 0.2], [0.17, 0.47], [0.06, 0.7], ...arc(0.5, 0.71, 0.44, 0.29, 0.5, 1.5)]]],
  [
    [
      [
        [0.03, 0],
        [0.95, 0],
        [0.38, 1],
      ],
    ],
    [
      [
        [0.03, 0],
        [0.95, 0],
        [0.38, 1],
      ],
      [
        [0.35, 0.5],
        [0.9, 0.5],
      ],
    ],
    [
      [
        [0.03, 0.15],
        [0.08, 0],
        [0.95, 0],
        [0.62, 0.4],
        [0.45, 1],
      ],
    ],
  ],
  [[arc(0.5, 0.25, 0.37, 0.25, 0, 1), arc(0.5, 0.75, 0.46, 0.25, 0, 1)]],
  [
    [
      arc(0.48, 0.3, 0.42, 0.3, 0, 1),
      [
        [0.9, 0.3],
        [0.84, 0.62],
        [0.5, 1],
      ],
    ],
    [
      arc(0.48, 0.28, 0.4, 0.28, 0, 1),
      [
        [0.88, 0.28],
        [0.86, 1],
      ],
    ],
  ],
];
