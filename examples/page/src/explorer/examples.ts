/** A configuration to begin with: its name, its address, and what there is to see. */
export interface Example {
  readonly name: string;
  readonly href: string;
  readonly caption: string;
}

const list: readonly (readonly [string, string, string])[] = [
  ['Half padding', '?', 'One cell of zeros all round lets a 3 × 3 kernel give an output as large as the input.'],
  ['Full padding', '?p=full', 'Every place where kernel and input overlap at all gives a cell: the output grows.'],
  ['Strides', '?i=7&s=2', 'A stride of 2 moves the window two cells at a step: the output has half as many each way.'],
  ['Dilation', '?i=7&d=2&p=0', 'A dilation of 2 leaves gaps in the kernel: 9 weights see 5 × 5 cells.'],
  [
    'Reflection',
    '?p=2&mode=reflect',
    'The padding mirrors the input instead of holding zeros: an input cell counts twice.',
  ],
  [
    'Depthwise',
    '?ic=2&oc=2&g=2',
    'As many groups as channels: each channel has a kernel of its own and sees no other.',
  ],
  [
    'Transposed',
    '?op=transposed&i=3&s=2&p=0',
    'The way back of a convolution with stride 2: a small input becomes a large output.',
  ],
  [
    'Stamps',
    '?op=transposed&i=4&p=0&at=i0.0.0&way=stamp',
    'Each input cell stamps the kernel, times its number, onto the output; where stamps overlap they add up.',
  ],
  [
    'Checkerboard',
    '?op=transposed&i=6&s=2&p=0&fill=ones',
    'A stride of 2 does not divide a kernel of 3: even ones everywhere come out as a checkerboard.',
  ],
  [
    'Max pooling',
    '?op=max&i=6&k=2&s=2&p=0',
    'Each output cell is the largest number in its window; there are no weights.',
  ],
  [
    'Average pooling',
    '?op=avg&i=6&s=3&p=0',
    'Each output cell is the mean of its window: every cell counts one ninth.',
  ],
  ['Too large', '?i=3&k=7&p=1', 'A kernel that does not fit into the padded input even once has no output.'],
];

export const examples: readonly Example[] = list.map(([name, href, caption]) => ({ name, href, caption }));
