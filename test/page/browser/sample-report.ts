import { cases, scalingCases } from '../../../bench/cases.js';
import { isPool, parseProblem } from '../../../bench/problem.js';
import { KIND, type Report, type Row } from '../../../bench/report.js';
import { stackCases } from '../../../bench/stacks.js';

/** A report with a line for everything, its figures made up. */
export function sampleReport(): Report {
  const rows = [...cases, ...scalingCases, ...stackCases].flatMap(([title, problem], i) =>
    (['strict', 'relaxed'] as const).map((build, b): Row => {
      const unit = isPool(parseProblem(problem)) ? 'GB/s' : 'GFLOP/s';
      const rate = 12 + ((i * 37) % 50) + 6 * b;
      return {
        ...{ title, problem, build, layout: 'NHWC', memory: 'arena', unit, rate },
        medianMs: 1 + (i % 9),
        peakGflops: 40 + 12 * b,
        chosen: 'indirect',
      };
    }),
  );
  rows.push(
    ...rows.slice(0, 12).map((row): Row => ({ ...row, threads: 2, rate: row.rate! * 1.7 })),
    { ...rows[0], build: 'plain', rate: 1.2, peakGflops: undefined, chosen: 'nested loops' },
    { ...rows[0], build: 'tfjs', rate: 9, peakGflops: undefined, chosen: 'TensorFlow.js 4.22.0, channels last' },
    ...rows.slice(0, 4).map((row): Row => ({ ...row, tune: 'arm', rate: row.rate! * 0.8 })),
    { ...rows[2], threads: 4, rate: 400, spoilt: 'busy machine: 484 % of the peak cannot be' },
  );
  const figures = { stridewise: { medianMs: 2, rate: 100 }, other: { medianMs: 5, rate: 40 } };
  return {
    kind: KIND,
    machine: 'a machine',
    processor: 'x86',
    date: '2026-01-17T10:00:00.000Z',
    version: '1.2.3',
    bandwidth: 11,
    rows,
    peers: {
      machine: 'a machine',
      libraries: [
        { name: 'stridewise', role: 'own', version: '1', includes: 'everything' },
        { name: 'other', role: 'peer', version: '2', includes: 'copies </script>' },
      ],
      comparisons: [
        {
          title: cases[0][0],
          problem: cases[0][1],
          unit: 'GFLOP/s',
          figures,
          bestPeer: 'other',
          ratios: { NHWC: 2.5, NCHW: 1.5 },
        },
      ],
      geometricMeans: { NHWC: 2.5, NCHW: 1.5 },
      stacks: [
        { name: 'ResNet-50', milliseconds: { stridewise: 90, other: 130 }, bestPeer: 'other', ratios: { NHWC: 1.44 } },
      ],
    },
  };
}
