import { along, gatherPlan, stepsOf } from '../nn/gather.js';
import { type Between, blendPlan } from '../nn/interpolate.js';
import type { Plan } from '../nn/run.js';
import { type Serve, worthy } from './kernel.js';
import { type Planned, Plans, runPlan } from './plans.js';

/** An axis: its extents before and after, and how the centres of cells lie. */
interface Axis {
  readonly input: number;
  readonly output: number;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

const ratioOf = ({ input, output, alignCorners }: Axis) =>
  alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;

/** For each cell of the result the two cells that it lies between. */
function around(axis: Axis): Between[] {
  const { input, output, halfPixelCenters } = axis;
  const ratio = ratioOf(axis);
  return Array.from({ length: output }, (_, i) => {
    const at = halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i;
    const first = Math.max(0, Math.floor(at));
    const second = Math.max(0, Math.min(input - 1, Math.ceil(at)));
    return [first, second, first === second ? 0 : at - first];
  });
}

/** For each cell of the result the cell that it repeats. */
function nearest(axis: Axis): number[] {
  const { input, output, alignCorners, halfPixelCenters } = axis;
  const ratio = ratioOf(axis);
  return Array.from({ length: output }, (_, i) => {
    const at = ratio * (halfPixelCenters ? i + 0.5 : i);
    return Math.max(0, Math.min(input - 1, alignCorners ? Math.round(at) : Math.floor(at)));
  });
}

/** Images of another height and width, channels last. */
function resizing(make: (shape: readonly number[], axes: readonly [Axis, Axis]) => Plan): Serve {
  const plans = new Plans<Planned>();
  return (surroundings, { inputs: { images }, attrs }) => {
    if (!worthy(surroundings, images) || images.shape.length !== 4) return undefined;
    const alignCorners = attrs.alignCorners === true;
    const halfPixelCenters = attrs.halfPixelCenters === true;
    const [height, width] = attrs.size as number[];
    if (!(height >= 1 && width >= 1)) return undefined;
    const plan = plans.recall([+alignCorners, +halfPixelCenters, height, width, ...images.shape], () => {
      const [n, h, w, c] = images.shape;
      const made = make(images.shape, [
        { input: h, output: height, alignCorners, halfPixelCenters },
        { input: w, output: width, alignCorners, halfPixelCenters },
      ]);
      return { ...made, shape: [n, height, width, c] };
    });
    return plan && runPlan(surroundings, plan, [images]);
  };
}

export const resizeBilinear: Serve = resizing(([n, h, w, c], axes) =>
  blendPlan({ images: n, c, inputs: [h, w], axes: axes.map(around) }),
);

export const resizeNearest: Serve = resizing((shape, axes) => {
  const [image, row, pixel] = stepsOf(shape);
  const [n, , , c] = shape;
  const places = [
    along([...Array(n).keys()], image),
    along(nearest(axes[0]), row),
    along(nearest(axes[1]), pixel),
    [...Array(c).keys()],
  ];
  return gatherPlan({ shape: [n, axes[0].output, axes[1].output, c], places, value: 0 });
});
