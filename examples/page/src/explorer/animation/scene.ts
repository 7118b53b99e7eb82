import { colour } from '../../dom.js';
import { hexOf } from '../colour.js';

/** What is to be seen of an element, in shapes: all that a drawing or a picture of it needs. */

export interface Shape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Fill, none where it is transparent. */
  readonly fill?: string;
  /** A line round it, dashed or not. */
  readonly ring?: string;
  readonly isDashed?: boolean;
  readonly text?: string;
  readonly ink?: string;
  readonly size?: number;
  readonly isBold?: boolean;
  /** Text stands in the middle; else at the left. */
  readonly isCentred?: boolean;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly shapes: readonly Shape[];
}

/** Space round everything, in pixels. */
const MARGIN = 16;

const isVisible = (colour: string) => colour !== 'transparent' && !/^rgba\(.*, 0\)$/.test(colour);

/** Colours as every viewer knows them, each worked out once. */
const known = new Map<string, string>();
function hex(notation: string): string {
  const found = known.get(notation) ?? hexOf(notation);
  known.set(notation, found);
  return found;
}

/** @param parts elements whose cells and texts are taken, all within `root` */
export function sceneOf(root: HTMLElement, parts: readonly HTMLElement[]): Scene {
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)) - MARGIN;
  const top = Math.min(...boxes.map((box) => box.top)) - MARGIN;
  const at = ({ left: x, top: y, width, height }: DOMRect) => ({
    x: Math.round(x - left),
    y: Math.round(y - top),
    width: Math.round(width),
    height: Math.round(height),
  });
  const rings = { window: hex(colour('--gold')), chosen: hex(colour('--accent')) };
  const background = hex(getComputedStyle(root).backgroundColor);
  const shapes: Shape[] = [];
  for (const part of parts) {
    for (const cell of part.querySelectorAll<HTMLElement>('td')) {
      if (!cell.checkVisibility()) continue;
      const style = getComputedStyle(cell);
      shapes.push({
        ...at(cell.getBoundingClientRect()),
        // a cell covers what it looked like before
        fill: isVisible(style.backgroundColor) ? hex(style.backgroundColor) : background,
        ring: ringOf(cell, rings, style),
        isDashed: cell.matches('.padding:not(.window, .chosen)'),
        text: cell.textContent ?? '',
        ink: hex(style.color),
        size: Math.round(Number.parseFloat(style.fontSize)),
        isBold: Number(style.fontWeight) > 500,
        isCentred: true,
      });
    }
    shapes.push(...textsOf(part, at));
  }
  return {
    width: Math.round(Math.max(...boxes.map((box) => box.right)) - left + MARGIN),
    height: Math.round(Math.max(...boxes.map((box) => box.bottom)) - top + MARGIN),
    background,
    shapes,
  };
}

function ringOf(cell: HTMLElement, rings: { window: string; chosen: string }, style: CSSStyleDeclaration) {
  if (cell.matches('.chosen')) return rings.chosen;
  if (cell.matches('.window')) return rings.window;
  return cell.matches('.padding') ? hex(style.outlineColor) : undefined;
}

/** Texts outside of cells, line by line. */
function textsOf(part: HTMLElement, at: (box: DOMRect) => Pick<Shape, 'x' | 'y' | 'width' | 'height'>): Shape[] {
  const shapes: Shape[] = [];
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement!;
    if (parent.closest('td, .pager') || !parent.checkVisibility()) continue;
    const style = getComputedStyle(parent);
    const fill = parent.matches('.term') && isVisible(style.backgroundColor) ? hex(style.backgroundColor) : undefined;
    for (const match of (node.textContent ?? '').matchAll(/\S+\s?/g)) {
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].trimEnd().length);
      shapes.push({
        ...at(range.getBoundingClientRect()),
        ...{ fill, text: match[0].trimEnd(), ink: hex(style.color) },
        size: Math.round(Number.parseFloat(style.fontSize)),
        isBold: Number(style.fontWeight) > 500,
      });
    }
  }
  return shapes;
}
