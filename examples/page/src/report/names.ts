import { isProduct, type Problem, parseProblem } from '../../../../bench/problem.js';
import { stacks } from '../../../../bench/stacks.js';

/** Networks by the word that their layers' titles begin with. */
const networks: Readonly<Record<string, string>> = {
  r50: 'ResNet-50',
  vgg: 'VGG-16',
  mbv2: 'MobileNetV2',
  unet: 'U-Net',
  dcgan: 'DCGAN',
  resnext: 'ResNeXt',
  lenet: 'LeNet-5',
};

const times = (extents: readonly number[]) => extents.join('×');
const isEvery = (extents: readonly number[], n: number) => extents.every((extent) => extent === n);

function operatorOf({ operator, kernel, groups, ic, oc }: Problem): string {
  const size = times(kernel);
  switch (operator) {
    case 'convT':
      return `transposed ${size}`;
    case 'gradX':
      return `input gradient ${size}`;
    case 'gradW':
      return `weight gradient ${size}`;
    case 'maxpool':
      return `max pool ${size}`;
    case 'argmax':
      return `max pool with indices ${size}`;
    case 'gradMaxpool':
      return `max pool gradient ${size}`;
    case 'avgpool':
      return `average pool ${size}`;
    case 'gap':
      return 'global average pool';
    case 'identity':
      return 'copy';
    default:
      if (groups > 1 && groups === ic && groups === oc) return `depthwise ${size}`;
      return kernel.length === 1 ? `1D kernel of ${size}` : size;
  }
}

/** A problem in the words of the field: `3×3, 64 channels, 56×56`. */
export function describe(text: string): string {
  const problem = parseProblem(text);
  const { m, n, k, ic, oc, groups, input, stride, dilation, operator } = problem;
  if (isProduct(problem)) return `${operator === 'linear' ? 'linear' : 'matrix product'} ${m}×${k} by ${k}×${n}`;
  const isPlain = operator === 'gap' || operator === 'identity';
  return [
    operatorOf(problem),
    !isPlain && !isEvery(stride, 1) && `stride ${isEvery(stride, stride[0]) ? stride[0] : times(stride)}`,
    !isEvery(dilation, 1) && `dilation ${dilation[0]}`,
    ic === oc ? `${ic} channels` : `${ic} → ${oc} channels`,
    groups > 1 && groups !== ic && `${groups} groups`,
    input.length === 1 ? `length ${input[0]}` : times(input),
    n > 1 && `batch ${n}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** A problem under a name that people know; a title of the lists stands for itself where it has words. */
export function nameOf({ title, problem }: { readonly title: string; readonly problem: string }): string {
  const stack = stacks.find(({ name }) => title.startsWith(`${name}: `));
  if (stack) return `${stack.name}: ${describe(problem)}`;
  // one of a series of sizes
  if (title.includes(': ')) return title;
  const network = networks[title.split(' ')[0]];
  return network === undefined ? describe(problem) : `${network}: ${describe(problem)}`;
}
