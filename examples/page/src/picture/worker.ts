import { features, init, type Tensor, tensor } from 'stridewise';
import { paintLandscape } from '../../../picture/painting.js';
import type { Filtered, Reply, Request } from './messages.js';
import { toPixels, toTensor } from './pixels.js';
import { byKernels, byLoops, checkSize, filterFor, operationsOf, type Runner } from './work.js';

let ready: { readonly key: string; readonly runner: Runner } | undefined;
let build: string | undefined;

/** Clocks of browsers step by up to a millisecond: a filter runs at least so long, again and again. */
const LEAST_MS = 20;

function timed(runner: Runner, x: Tensor): { y: Tensor; milliseconds: number } {
  const begin = performance.now();
  for (let runs = 1; ; runs++) {
    const y = runner.run(x);
    const spent = performance.now() - begin;
    if (spent >= LEAST_MS) return { y, milliseconds: spent / runs };
  }
}

async function filter(request: Extract<Request, { ask: 'filter' }>): Promise<Filtered> {
  const x = toTensor(request.picture);
  const wanted = filterFor(request.filter, x);
  checkSize(wanted, x.shape);
  if (request.by === 'kernels' && build !== request.build) {
    await init({ simd: request.build });
    build = request.build;
  }
  const key = [request.by, request.build, request.filter, ...x.shape].join();
  if (ready?.key !== key) {
    ready?.runner.dispose();
    const runner = request.by === 'kernels' ? byKernels(wanted, x.shape) : byLoops(wanted);
    ready = { key, runner };
    if (request.by === 'kernels') runner.run(x);
  }
  const { y, milliseconds } = timed(ready.runner, x);
  const ran = request.by === 'kernels' ? features().build : 'plain JavaScript';
  const operations = operationsOf(wanted, x.shape);
  return {
    picture: toPixels(wanted.toPicture(y)),
    milliseconds,
    operations,
    algorithms: ready.runner.algorithms,
    build: ran,
  };
}

async function answer(request: Request): Promise<Reply> {
  if (request.ask === 'filter') return filter(request);
  const { data, shape } = paintLandscape(request.width, request.height);
  return { picture: toPixels(tensor(data, shape)) };
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const reply = await answer(data).catch(
    (error: unknown): Reply => ({ failure: error instanceof Error ? error.message : String(error) }),
  );
  self.postMessage(reply, { transfer: 'picture' in reply ? [reply.picture.data.buffer] : [] });
};
