/** Configurations to begin with, as addresses. */
export const examples: readonly (readonly [string, string])[] = [
  ['Half padding', '?'],
  ['Full padding', '?p=full'],
  ['Strides', '?i=7&s=2'],
  ['Dilation', '?i=7&d=2&p=0'],
  ['Reflection', '?p=2&mode=reflect'],
  ['Depthwise', '?ic=2&oc=2&g=2'],
  ['Transposed', '?op=transposed&i=3&s=2&p=0'],
  ['Checkerboard', '?op=transposed&i=6&s=2&p=0&fill=ones'],
  ['Max pooling', '?op=max&i=6&k=2&s=2&p=0'],
  ['Too large', '?i=3&k=7&p=1'],
];
