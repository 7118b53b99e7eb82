import { machineLine } from '../machine.js';
import { digits } from '../table.js';

/** @typedef {import('./run.js').Report} Report */

/** @param {unknown} text */
const html = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** @param {string[]} cells @param {string} [tag] */
const row = (cells, tag = 'td') => `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;

/** @param {number | undefined} ratio */
const ratioCell = (ratio) =>
  ratio === undefined ? '' : `<span class="${ratio < 1 ? 'behind' : 'ahead'}">${digits(ratio)}</span>`;

/** The report as one page that needs nothing else. @param {Report} report */
export function page(report) {
  const names = report.libraries.map(({ name }) => name);
  const head = row(['case', '', ...names, 'best peer', 'ratio'].map(html), 'th');
  const body = report.comparisons.map(({ title, problem, unit, figures, bestPeer, ratio }) => {
    const rates = names.map((name) => {
      const { rate, note } = figures[name];
      const text = rate === undefined ? '–' : digits(rate);
      return `<span title="${html(note ?? `${digits(figures[name].medianMs ?? 0)} ms`)}">${name === bestPeer ? `<b>${text}</b>` : text}</span>`;
    });
    return row([`<span title="${html(problem)}">${html(title)}</span>`, unit, ...rates, html(bestPeer ?? ''), ratioCell(ratio)]);
  });
  const totals = report.stacks.map(({ name, milliseconds, bestPeer, ratio }) =>
    row([html(name), 'ms', ...names.map((n) => digits(milliseconds[n] ?? Number.NaN)), html(bestPeer ?? ''), ratioCell(ratio)]),
  );
  const notes = report.libraries.map(({ name, version, includes }) => row([html(name), html(version), html(includes)]));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Convolution libraries, one thread</title>
<style>
  body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222; background: #fff; }
  table { border-collapse: collapse; margin: 1em 0 2em; }
  th, td { padding: .25em .7em; border-bottom: 1px solid #ddd; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  th:first-child, td:first-child, .notes td { text-align: left; white-space: normal; }
  th { position: sticky; top: 0; background: #fff; }
  .ahead { color: #06703a; font-weight: 600; }
  .behind { color: #b00020; font-weight: 600; }
</style>
<h1>Convolution libraries, one thread</h1>
<p>${html(machineLine(report.machine))}</p>
<p>GFLOP/s by the definition (pools: GB/s of input and output), medians of repetitions in turns; ratio to the fastest peer.</p>
${body.length === 0 ? '' : `<table>${head}${body.join('\n')}</table>`}
${report.geometricMean === undefined ? '' : `<p>Geometric mean of the ratios: <b>${digits(report.geometricMean)}</b></p>`}
${totals.length === 0 ? '' : `<h2>Whole stacks: convolution and pooling layers of one picture</h2><table>${head}${totals.join('\n')}</table>`}
<h2>What the numbers include</h2>
<table class="notes">${notes.join('\n')}</table>
</html>
`;
}
