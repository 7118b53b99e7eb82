import { reportParts } from '../examples/page/build.js';

/** Ends no script: JSON knows another way to write `<`. @param {unknown} value */
const json = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');

/**
 * A report as one page that needs nothing else: the plots and tables of the page's benchmark.
 * @param {import('./report.js').Report} report
 */
export async function reportHtml(report) {
  const { script, style } = await reportParts();
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Stridewise: benchmark</title>
<style>${style}</style>
<body>
<header class="top"><h1>Stridewise: benchmark</h1></header>
<main></main>
<script type="application/json" id="figures">${json(report)}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</html>
`;
}
