/** Space round the plots and above each, in pixels. */
const MARGIN = 24;
const TITLE = 40;
/** A line of the head. */
const LINE = 22;
/** Width that a head needs. */
const LEAST = 480;

/** Several plots under a headline, with what tells where it comes from. */
export function compose(
  head: readonly string[],
  parts: readonly { canvas: HTMLCanvasElement; title: string }[],
): Promise<Blob> {
  const picture = document.createElement('canvas');
  const width = Math.max(LEAST, ...parts.map(({ canvas }) => canvas.width));
  const context = picture.getContext('2d')!;
  const fonts = ['600 20px system-ui, sans-serif', '14px system-ui, sans-serif'];
  const lines = head.flatMap((text, i) => {
    context.font = fonts[Math.min(i, 1)];
    return wrapped(context, text, width).map((line) => ({ line, font: context.font }));
  });
  const top = MARGIN + lines.length * LINE;
  picture.width = width + 2 * MARGIN;
  picture.height = parts.reduce((sum, { canvas }) => sum + canvas.height + TITLE, top) + MARGIN;
  const style = getComputedStyle(document.body);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = style.color;
  lines.forEach(({ line, font }, i) => {
    context.font = font;
    context.fillText(line, MARGIN, MARGIN + LINE * i + LINE / 2);
  });
  let y = top;
  context.font = '600 17px system-ui, sans-serif';
  for (const { canvas, title } of parts) {
    context.fillText(title, MARGIN, y + 26);
    context.drawImage(canvas, MARGIN, y + TITLE);
    y += canvas.height + TITLE;
  }
  return new Promise((resolve, reject) => {
    picture.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser makes no picture of this size.'))));
  });
}

/** Words in lines no wider than so many pixels. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
