import { describe, expect, it } from 'vitest';
import { cases, furtherCases, scaling } from '../../bench/cases.js';
import { operandsOf } from '../../bench/data.js';
import { isPlain, plainLoops } from '../../bench/plain.js';
import { parseProblem } from '../../bench/problem.js';
import { errorsOf, sample } from '../../bench/reference.js';
import { KIND, type Report, type Row, readReport } from '../../bench/report.js';
import { stacks } from '../../bench/stacks.js';
import { calmer, spoiltBy } from '../../examples/page/src/bench/busy.js';
import { timeLeft } from '../../examples/page/src/bench/left.js';
import { machineOf } from '../../examples/page/src/bench/machine.js';
import { planOf } from '../../examples/page/src/bench/plan.js';
import { defaults, readState, threadChoices, writeState } from '../../examples/page/src/bench/url.js';
import {
  intensityOf,
  isInWay,
  kindOf,
  layersOf,
  networksOf,
  overThreadsOf,
  peakOf,
  processorLine,
  rooflineOf,
  scalingOf,
  waysOf,
} from '../../examples/page/src/report/figures.js';
import { headlineOf } from '../../examples/page/src/report/headline.js';
import { linesOf } from '../../examples/page/src/report/lines.js';
import { describe as describeProblem, nameOf } from '../../examples/page/src/report/names.js';

const row = (title: string, problem: string, part: Partial<Row> = {}): Row => ({
  ...{
    title,
    problem,
    build: 'strict',
    layout: 'NHWC',
    memory: 'arena',
    unit: 'GFLOP/s',
    rate: 10,
    medianMs: 2,
    peakGflops: 40,
  },
  ...part,
});
const report = (rows: Row[], part: Partial<Report> = {}): Report => ({ kind: KIND, machine: 'one', rows, ...part });
const layer = row('r50 3x3 64@56', 'n1ic64ih56iw56_oc64kh3kw3_ph1pw1');

describe('a saved report', () => {
  it('is read as it was written', () => {
    const written = report([layer], { bandwidth: 9 });
    expect(readReport(JSON.stringify(written))).toEqual(written);
  });

  it.each([
    ['no JSON', '<html>', /no JSON/],
    ['something else', '{"rows": []}', /no benchmark of Stridewise/],
    ['null', 'null', /no benchmark of Stridewise/],
    ['a damaged one', JSON.stringify({ kind: KIND, machine: 'one', rows: [{ title: 'x' }] }), /damaged/],
  ])('is refused in words when it is %s', (_, text, message) => {
    expect(() => readReport(text)).toThrow(message);
  });
});

describe('the plan', () => {
  it('holds all that is asked for, and every problem can be read', () => {
    const plan = planOf({ lists: ['layers', 'networks', 'scaling'], filter: '' });
    for (const { problem } of plan) expect(() => parseProblem(problem)).not.toThrow();
    for (const [title] of cases) expect(plan.map((task) => task.title)).toContain(title);
    for (const { name } of stacks) expect(plan.some(({ title }) => title.startsWith(`${name}: `))).toBe(true);
    for (const { name, points } of scaling)
      expect(plan.filter(({ title }) => title.startsWith(`${name}: `))).toHaveLength(points.length);
  });

  it('can be narrowed', () => {
    expect(planOf({ lists: ['layers'], filter: 'GEMM' }).map(({ title }) => title)).toEqual([
      'gemm 256^3',
      'gemm 512^3',
      'gemm 1024^3',
    ]);
    expect(planOf({ lists: [], filter: '' })).toEqual([]);
  });
});

describe('the figures of a report', () => {
  it('count FLOP for each byte', () => {
    expect(intensityOf('gemm_m2n3k4')).toBeCloseTo((2 * 24) / (4 * (8 + 12 + 6)), 12);
  });

  it('keep layers, series and whole networks apart', () => {
    const { name, points } = scaling[0];
    const inStack = stacks[0].layers[0][1];
    const rows = [layer, row(`${name}: ${points[1][0]}`, points[1][1]), row(`${stacks[0].name}: ${inStack}`, inStack)];
    expect(layersOf(rows)).toEqual([layer]);
    expect(scalingOf(rows)).toEqual([
      { name: `${name}, strict`, series: 0, build: 0, points: [{ x: points[1][0], y: 10, title: rows[1].title }] },
    ]);
    expect(networksOf(rows)).toEqual([]);
  });

  it('leave out what a busy machine spoilt', () => {
    const spoilt = { ...layer, spoilt: 'busy' };
    expect(headlineOf(report([spoilt]))).toBeUndefined();
    expect(rooflineOf(report([spoilt])).points).toEqual([]);
  });

  it('leave out what has no time', () => {
    expect(layersOf([row('a', 'gemm_m2n2k2', { rate: undefined, failure: 'wrong' })])).toEqual([]);
  });

  it('add a whole network up, each layer as often as it occurs', () => {
    const { name, layers } = stacks[0];
    const rows = layers.map(([, problem]) => row(`${name}: ${problem}`, problem, { medianMs: 3 }));
    const [total] = networksOf(rows);
    expect(total).toEqual({ name, build: 'strict', milliseconds: 3 * layers.reduce((sum, [n]) => sum + n, 0) });
    expect(networksOf(rows.slice(1))).toEqual([]);
  });

  it('draw the roof from bandwidth to peak', () => {
    const peaks = [38, 40, 90].map((peakGflops) => ({ ...layer, peakGflops }));
    expect(peakOf(peaks, 'strict')).toBe(40);
    const { points, roofs } = rooflineOf(report([layer], { bandwidth: 8 }));
    expect(points[0].points).toHaveLength(1);
    const [, ridge] = roofs[0].points;
    expect(ridge).toMatchObject({ x: 5, y: 40 });
    for (const { x, y } of roofs[0].points) expect(y).toBeCloseTo(Math.min(40, 8 * x), 9);
    expect(rooflineOf(report([layer])).roofs).toEqual([]);
    expect(rooflineOf(report([{ ...layer, unit: 'GB/s' }], { bandwidth: 8 })).points).toEqual([]);
  });

  it('show matrices whatever the layout', () => {
    const rows = [layer, { ...layer, layout: 'NCHW' as const }, row('gemm', 'gemm_m2n2k2')];
    expect(waysOf(report(rows))).toEqual(['NHWC, arena', 'NCHW, arena']);
    expect(rows.filter((r) => isInWay(r, 'NCHW, arena'))).toEqual([rows[1], rows[2]]);
  });
});

describe('the machine in words', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
      'Firefox 153, X11, Linux x86_64, rv:153.0, 4 cores',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Chromium 156, X11, Linux x86_64, 4 cores',
    ],
    ['curl', 'a browser, an unknown system, 4 cores'],
  ])('%s', (userAgent, words) => {
    expect(machineOf({ userAgent, hardwareConcurrency: 4 })).toBe(words);
  });

  it('counts one core', () => {
    expect(machineOf({ userAgent: 'curl', hardwareConcurrency: 1 })).toMatch(/, 1 core$/);
  });
});

describe('a time on a busy machine', () => {
  it.each<[string, Partial<Row>, number, RegExp | undefined]>([
    ['is sound below the peak', { rate: 38, peakGflops: 40 }, 41, undefined],
    ['is sound with Winograd beyond it', { rate: 80, peakGflops: 40, chosen: 'winograd4' }, 40, undefined],
    ['is sound in the memory', { rate: 80, peakGflops: 40, unit: 'GB/s' }, 40, undefined],
    ['is sound on two threads', { rate: 76, peakGflops: 40, threads: 2 }, 40, undefined],
    [
      'is spoilt far beyond the peak',
      { rate: 194, peakGflops: 40, chosen: 'winograd4' },
      40,
      /485 % of the peak cannot/,
    ],
    ['is spoilt beyond the peak', { rate: 50, peakGflops: 40, chosen: 'pointwise' }, 40, /125 % of the peak/],
    ['is spoilt beyond the peak of two threads', { rate: 90, peakGflops: 40, threads: 2 }, 40, /113 % of the peak/],
    ['is spoilt when the peak fell', { rate: 20, peakGflops: 30 }, 40, /its peak was 30\.0 beside this, 40\.0/],
    [
      'is spoilt when the peak fell over as long',
      { rate: 20, peakGflops: 40, steadyGflops: 8 },
      40,
      /its peak was 8\.00/,
    ],
    ['is sound without the package', { rate: 1, peakGflops: undefined, steadyGflops: 39 }, 40, undefined],
    ['is spoilt without the package', { rate: 1, peakGflops: undefined, steadyGflops: 9 }, 40, /its peak was 9\.00/],
    ['is not judged without a peak', { rate: 900, peakGflops: undefined }, 40, undefined],
    ['is not judged without a time', { rate: undefined, peakGflops: 3 }, 40, undefined],
  ])('%s', (_, part, best, reason) => {
    const spoilt = spoiltBy({ ...layer, ...part }, best);
    if (reason) expect(spoilt).toMatch(reason);
    else expect(spoilt).toBeUndefined();
  });

  it('is taken from the calmer of two measurements', () => {
    const [busy, calm] = [30, 40].map((steadyGflops) => ({ ...layer, steadyGflops }));
    expect(calmer(undefined, busy)).toBe(busy);
    expect(calmer(busy, calm)).toBe(calm);
    expect(calmer(calm, busy)).toBe(calm);
  });
});

describe('names', () => {
  it.each([
    ['r50 1x1/2 256-512@56', 'ResNet-50: 1×1, stride 2, 256 → 512 channels, 56×56'],
    ['mbv2 dw3x3 144@56', 'MobileNetV2: depthwise 3×3, 144 channels, 56×56'],
    ['resnext 3x3 g32 128@56', 'ResNeXt: 3×3, 128 channels, 32 groups, 56×56'],
    ['dilated 3x3 d2 256@28', '3×3, dilation 2, 256 channels, 28×28'],
    ['dcgan convT 4x4/2 512-256@8', 'DCGAN: transposed 4×4, stride 2, 512 → 256 channels, 8×8'],
    ['bwd-filter 3x3 64@56 N8', 'weight gradient 3×3, 64 channels, 56×56, batch 8'],
    ['global avgpool 2048@7', 'global average pool, 2048 channels, 7×7'],
    ['conv1d k9 64-64 L16000', '1D kernel of 9, 64 channels, length 16000'],
    ['gemm 512^3', 'matrix product 512×512 by 512×512'],
  ])('%s is %s', (title, name) => {
    const problem = cases.find(([known]) => known === title)![1];
    expect(nameOf({ title, problem })).toBe(name);
  });

  it('tell all problems of a list apart', () => {
    for (const list of [cases, furtherCases])
      expect(new Set(list.map(([title, problem]) => nameOf({ title, problem }))).size).toBe(list.length);
  });

  it('of a layer of a whole network begin with the network, those of a series stay', () => {
    const [, problem] = stacks[0].layers[1];
    expect(nameOf({ title: `${stacks[0].name}: ${problem}`, problem })).toBe(`ResNet-50: ${describeProblem(problem)}`);
    expect(nameOf({ title: 'gemm n × n × n: 16', problem: 'gemm_m16n16k16' })).toBe('gemm n × n × n: 16');
  });

  it('find problems, too', () => {
    const found = planOf({ lists: ['layers'], filter: 'resnet-50: 7×7' }).map(({ title }) => title);
    expect(found).toEqual(['r50 stem 7x7/2 3-64@224']);
  });

  it('stand in lines that fit', () => {
    expect(linesOf('ResNet-50: 1×1, stride 2, 256 channels', 22)).toEqual([
      'ResNet-50: 1×1, stride',
      '2, 256 channels',
    ]);
    expect(linesOf('one', 22)).toEqual(['one']);
  });
});

describe('the headline', () => {
  const rows = [
    layer,
    { ...layer, build: 'relaxed' as const, rate: 20, peakGflops: 40 },
    { ...layer, build: 'plain' as const, rate: 0.5, peakGflops: undefined },
  ];
  it('has the faster build, its share of the peak, and plain JavaScript', () => {
    expect(headlineOf(report(rows, { version: '1.2.3' }))).toBe(
      "Stridewise 1.2.3: 20.0 GFLOP/s over 1 layer (relaxed), 50 % of the machine's peak, 40.0 times plain JavaScript",
    );
  });
  it('is of what ran on most layers', () => {
    const twice = [layer, row('r50 3x3 128@28', 'gemm_m2n2k2'), { ...layer, threads: 2, rate: 18 }];
    expect(headlineOf(report(twice))).toMatch(/^Stridewise: 10\.0 GFLOP\/s over 2 layers \(strict\)/);
  });
  it('has TensorFlow.js where it ran, which is never the best', () => {
    const beside = [...rows, { ...layer, build: 'tfjs' as const, rate: 25, peakGflops: undefined }];
    expect(headlineOf(report(beside))).toMatch(/^Stridewise: 20\.0 .*, 0\.800 times tfjs-wasm, 40\.0 times plain/);
  });
  it('is none without layers', () => {
    expect(headlineOf(report([]))).toBeUndefined();
  });
});

describe('the processor', () => {
  const foreign = { ...layer, tune: 'arm' as const, rate: 5 };
  it('names the variant of the hot loops that is not its own', () => {
    expect(kindOf(layer)).toBe('strict');
    expect(kindOf(foreign)).toBe('strict, loops for aarch64');
    expect(kindOf({ ...foreign, threads: 2 })).toBe('strict, loops for aarch64, 2 threads');
    expect(processorLine(report([layer], { processor: 'x86' }))).toBe('x86 processor, hot loops for x86');
    expect(processorLine(report([layer, foreign], { processor: 'x86' }))).toBe(
      'x86 processor, hot loops for x86 and aarch64',
    );
    expect(processorLine(report([{ ...layer, build: 'plain' }], { processor: 'arm' }))).toBe('aarch64 processor');
    expect(processorLine(report([layer]))).toBeUndefined();
  });

  it('keeps variants apart', () => {
    const rows = [layer, { ...layer, threads: 2, rate: 18 }, foreign, { ...foreign, threads: 2, rate: 6 }];
    expect(overThreadsOf(rows).map(({ name, points }) => [name, points[1].y])).toEqual([
      ['strict', 1.8],
      ['strict, loops for aarch64', 1.2],
    ]);
  });

  it('is chosen in the address', () => {
    expect(readState(new URLSearchParams('tunes=arm,x86,mips')).tunes).toEqual(['x86', 'arm']);
    expect(String(writeState({ ...defaults, tunes: ['x86', 'arm'] }))).toBe('tunes=x86%2Carm');
    expect(String(writeState(defaults))).toBe('');
  });
});

describe('threads', () => {
  it('are offered in powers of two and all', () => {
    expect([1, 2, 4, 6, 40].map(threadChoices)).toEqual([[1], [1, 2], [1, 2, 4], [1, 2, 4, 6], [1, 2, 4, 8, 16]]);
  });

  it('are compared with one', () => {
    const rows = [layer, { ...layer, threads: 2, rate: 18 }, { ...layer, threads: 4, rate: 30 }];
    expect(overThreadsOf(rows)).toMatchObject([
      {
        name: 'strict',
        points: [
          { x: 1, y: 1 },
          { x: 2, y: 1.8 },
          { x: 4, y: 3 },
        ],
      },
    ]);
    expect(overThreadsOf([layer])).toEqual([]);
    expect(peakOf([{ ...layer, threads: 2 }], 'strict, 2 threads')).toBe(80);
  });
});

describe('plain JavaScript', () => {
  it.each([
    'n2ic4ih7iw9_oc6kh3kw2_g2_sh2sw1_dh1dw2_ph1pw2_phe0pwe1',
    'n1ic3iw20_oc5kw4_pw2_sw3',
    'n1ic2id4ih5iw6_oc3kd2kh3kw2_pd1ph1pw0',
    'gemm_m5n6k7',
    'linear_m5n6k7',
  ])('%s is the definition', (text) => {
    const problem = parseProblem(text);
    const operands = operandsOf(problem);
    expect(isPlain(problem)).toBe(true);
    expect(() => errorsOf(plainLoops(problem, operands).read(), sample(problem, operands))).not.toThrow();
  });

  it('is left out where it takes too long or is not written', () => {
    expect(isPlain(parseProblem('gemm_m2000n2000k2000'))).toBe(false);
    expect(isPlain(parseProblem('maxpool_n1ic2ih4iw4_kh2kw2'))).toBe(false);
  });
});

describe('the time left', () => {
  it.each([
    [1, 10, 1000, ''],
    [2, 10, 2000, 'about 10 seconds left'],
    [5, 10, 500, 'about 5 seconds left'],
    [10, 100, 20_000, 'about 3 minutes left'],
    [10, 70, 10_000, 'about 1 minute left'],
  ])('after %i of %i steps in %i ms is "%s"', (done, total, milliseconds, words) => {
    expect(timeLeft(done, total, milliseconds)).toBe(words);
  });
});
