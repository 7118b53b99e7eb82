/** @param {unknown} text */
const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent) }
th:first-child, td:first-child { text-align: left }
.bar { display: block; height: .5rem; min-width: 1px; background: #7a5cff; border-radius: .25rem }
.bar.plain { background: color-mix(in srgb, currentcolor 30%, transparent) }
.bars { width: 30% }`;

/**
 * The table as a page of its own. Bars are milliseconds, by the slower one of each network.
 * @param {{ machine: string, backend: string, accuracy: string, titles: string[], summary: string, rows: { plain?:
 * number, accelerated?: number }[] }} report @param {(string | number)[][]} cells
 */
export function modelsHtml({ machine, backend, accuracy, titles, summary, rows }, cells) {
  const bar = (/** @type {string} */ kind, /** @type {number} */ part) =>
    `<span class="bar ${kind}" style="width:${(100 * part).toFixed(1)}%"></span>`;
  const lines = cells.map((row, i) => {
    const { plain = 0, accelerated = 0 } = rows[i];
    const most = Math.max(plain, accelerated) || 1;
    const bars = `<td class="bars">${bar('plain', plain / most)}${bar('ours', accelerated / most)}</td>`;
    return `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}${bars}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Stridewise under TensorFlow.js</title>
<style>${style}</style>
<h1>TensorFlow.js, plain and accelerated</h1>
<p>${escaped(machine)}; backend ${escaped(backend)}, accuracy ${escaped(accuracy)}. ${escaped(summary)}</p>
<table>
<thead><tr>${titles.map((title) => `<th>${escaped(title)}</th>`).join('')}<th></th></tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table>
</html>
`;
}
