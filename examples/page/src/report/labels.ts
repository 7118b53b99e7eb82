import type { Chart, Plugin } from 'chart.js';
import { colour } from '../dom.js';
import type { Series } from './figures.js';

/** Pixels between a line and its text. */
const GAP = 5;

/** Share of a plot's width beyond which a text is left out. */
const WIDEST = 0.7;

/** Text that stays inside a plot, readable over what is drawn. */
function write(chart: Chart, text: string, x: number, y: number): void {
  const { ctx, chartArea } = chart;
  const width = ctx.measureText(text).width;
  if (width > WIDEST * (chartArea.right - chartArea.left)) return;
  const left = Math.min(Math.max(x, chartArea.left + GAP), chartArea.right - width - GAP);
  const base = Math.min(Math.max(y, chartArea.top + 12), chartArea.bottom - GAP);
  ctx.strokeText(text, left, base);
  ctx.fillText(text, left, base);
}

/** Says at the roofs what they are, and at the fastest and the slowest point which problem it is. */
export function roofLabels(points: readonly Series[], roofs: readonly Series[]): Plugin {
  const all = points.flatMap((series) => series.points);
  const byRate = [...all].sort((a, b) => a.y - b.y);
  const named = new Set([byRate[0], byRate[byRate.length - 1]].filter((point) => point !== undefined));
  return {
    id: 'roofLabels',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      const { x, y } = chart.scales;
      ctx.save();
      ctx.font = '11px system-ui, sans-serif';
      ctx.fillStyle = colour('--ink');
      ctx.strokeStyle = colour('--card');
      ctx.lineWidth = 3;
      ctx.lineJoin = 'round';
      for (const { name, points: corners } of roofs) {
        const end = corners[corners.length - 1];
        write(chart, name, x.getPixelForValue(end.x) - ctx.measureText(name).width, y.getPixelForValue(end.y) - GAP);
      }
      const slope = roofs[0]?.points[0];
      if (slope) {
        const text = `memory: ${(slope.y / slope.x).toFixed(0)} GB/s`;
        write(chart, text, x.getPixelForValue(slope.x * 1.3), y.getPixelForValue(slope.y * 1.3) - 2 * GAP);
      }
      for (const point of named)
        write(chart, point.title, x.getPixelForValue(point.x) + 2 * GAP, y.getPixelForValue(point.y) + 3 * GAP);
      ctx.restore();
    },
  };
}
