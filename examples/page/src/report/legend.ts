import type { Chart, LegendItem } from 'chart.js';

/** A line with its colour and dashes, a point or a bar with its colour: as they are drawn, in every plot. */
function items(chart: Chart): LegendItem[] {
  return chart.data.datasets.map((dataset, datasetIndex) => {
    const {
      label = '',
      borderColor,
      backgroundColor,
      borderDash,
      showLine,
    } = dataset as {
      label?: string;
      borderColor?: string;
      backgroundColor?: string;
      borderDash?: number[];
      showLine?: boolean;
    };
    const isBar = (chart.config as { type?: string }).type === 'bar';
    return {
      text: label,
      datasetIndex,
      hidden: !chart.isDatasetVisible(datasetIndex),
      fillStyle: borderColor ?? backgroundColor,
      strokeStyle: borderColor ?? backgroundColor,
      fontColor: chart.options.color as string,
      lineWidth: showLine ? 2 : 0,
      lineDash: borderDash ?? [],
      pointStyle: isBar ? 'rect' : showLine ? 'line' : 'circle',
    };
  });
}

const legendOf = (pointStyleWidth: number) =>
  ({ labels: { usePointStyle: true, pointStyleWidth, boxHeight: 7, generateLabels: items } }) as object;

/** Options of the legend of bars and lines, which need room for their dashes. */
export const legend = legendOf(28);

/** And of a plot with points, which stay round. */
export const pointLegend = legendOf(10);
