import type { Report, Row } from '../../../../bench/report.js';
import { digits, percent } from '../../../../bench/table.js';
import { count } from '../number.js';
import { isSound, kindOf, kindsOf, layersOf, PLAIN, TFJS } from './figures.js';

/** The mean of ratios and rates. */
export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

const isCounted = (row: Row) => row.unit === 'GFLOP/s' && isSound(row);

/** What there is to say of a report in one sentence; undefined where no layer was measured. */
export function headlineOf({ rows, version }: Report): string | undefined {
  const layers = layersOf(rows).filter(isCounted);
  const ratesOf = (kind: string) =>
    new Map(layers.filter((row) => kindOf(row) === kind).map((row) => [row.title, row]));
  const means = kindsOf(layers)
    .filter((kind) => kind !== PLAIN && kind !== TFJS)
    .map((kind) => {
      const rates = [...ratesOf(kind).values()].map(({ rate }) => rate!);
      return { kind, layers: rates.length, mean: geometricMean(rates) };
    });
  // what ran on a few layers only says less
  const best = means.sort((a, b) => b.layers - a.layers || b.mean - a.mean)[0];
  if (!best) return undefined;
  const own = [...ratesOf(best.kind).values()];
  const shares = own.flatMap(({ rate, peakGflops, threads = 1 }) => (peakGflops ? [rate! / peakGflops / threads] : []));
  const timesFaster = (kind: string) => {
    const others = ratesOf(kind);
    const ratios = own.flatMap(({ title, rate }) => {
      const other = others.get(title)?.rate;
      return other ? [rate! / other] : [];
    });
    return ratios.length > 0 && `${digits(geometricMean(ratios))} times ${kind}`;
  };
  return [
    `Stridewise${version ? ` ${version}` : ''}: ${digits(best.mean)} GFLOP/s over ${count(own.length, 'layer')} (${best.kind})`,
    shares.length > 0 && `${percent(geometricMean(shares))} of the machine's peak`,
    timesFaster(TFJS),
    timesFaster(PLAIN),
  ]
    .filter(Boolean)
    .join(', ');
}
