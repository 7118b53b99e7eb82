import type { Scene, Shape } from './scene.js';

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function drawn({ x, y, width, height, fill, ring, isDashed, text, ink, size, isBold, isCentred }: Shape): string {
  const stroke = ring ? ` stroke="${escaped(ring)}"${isDashed ? ' stroke-dasharray="3 2"' : ' stroke-width="2"'}` : '';
  const box =
    fill || ring
      ? `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${escaped(fill ?? 'none')}"${stroke}/>`
      : '';
  if (!text) return box;
  const [left, anchor] = isCentred ? [x + width / 2, ' text-anchor="middle"'] : [x, ''];
  const place = `x="${left}" y="${y + height / 2}" dy=".35em"${anchor}`;
  const weight = isBold ? ' font-weight="600"' : '';
  return `${box}<text ${place} fill="${escaped(ink ?? '#000')}" font-size="${size}"${weight}>${escaped(text)}</text>`;
}

/**
 * An animation as a drawing that plays by itself. What all frames share is drawn once, and so is how a cell looks in most
 * of them: where it looks otherwise, that is drawn over it.
 */
export function svgOf(scenes: readonly Scene[], milliseconds: number): string {
  const width = Math.max(...scenes.map((scene) => scene.width));
  const height = Math.max(...scenes.map((scene) => scene.height));
  const frames = scenes.map(({ shapes }) => shapes.map(drawn));
  const counts = new Map<string, number>();
  const covered = new Set<string>();
  scenes.forEach(({ shapes }, i) => {
    for (const shape of new Set(frames[i])) counts.set(shape, (counts.get(shape) ?? 0) + 1);
    shapes.forEach(({ fill, isCentred }, n) => {
      if (fill && isCentred) covered.add(frames[i][n]);
    });
  });
  const isShared = (shape: string) => counts.get(shape)! > (covered.has(shape) ? frames.length / 2 : frames.length - 1);
  const seconds = (frames.length * milliseconds) / 1000;
  const moving = frames.map((frame, i) => {
    const own = frame.filter((shape) => !isShared(shape)).join('');
    if (frames.length === 1) return own;
    const [from, to] = [i / frames.length, (i + 1) / frames.length];
    const times = i === 0 ? `0;${to}` : to === 1 ? `0;${from}` : `0;${from};${to}`;
    const values = i === 0 ? 'visible;hidden' : to === 1 ? 'hidden;visible' : 'hidden;visible;hidden';
    const clock = `dur="${seconds}s" repeatCount="indefinite" calcMode="discrete"`;
    return (
      `<g visibility="${i === 0 ? 'visible' : 'hidden'}">` +
      `<animate attributeName="visibility" values="${values}" keyTimes="${times}" ${clock}/>${own}</g>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="system-ui, sans-serif"><rect width="100%" height="100%" fill="${escaped(scenes[0].background)}"/>` +
    `${[...counts.keys()].filter(isShared).join('')}${moving.join('')}</svg>\n`
  );
}
