import { describe, expect, it } from 'vitest';
import type { Scene } from '../../examples/page/src/explorer/animation/scene.js';
import { svgOf } from '../../examples/page/src/explorer/animation/svg.js';
import { readNumber } from '../../examples/page/src/explorer/cell-editor.js';

const scene = (...texts: string[]): Scene => ({
  width: 100,
  height: 50,
  background: '#ffffff',
  shapes: texts.map((text, i) => ({ x: 10 * i, y: 0, width: 10, height: 10, fill: '#112233', text, ink: '#000000' })),
});

describe('an animation as SVG', () => {
  const svg = svgOf([scene('same', 'a<'), scene('same', 'b'), scene('same', 'c')], 500);

  it('draws once what all frames share', () => {
    expect(svg.match(/same/g)).toHaveLength(1);
    expect(svg.match(/<g /g)).toHaveLength(3);
  });

  it('shows each frame in its turn, and the first one where nothing moves', () => {
    expect(svg.match(/visibility="visible"/g)).toHaveLength(1);
    expect(svg).toContain('dur="1.5s"');
    const frames = svg.split('<g ').slice(1);
    const shownAt = (frame: string, time: number) => {
      const times = /keyTimes="([^"]*)"/.exec(frame)![1].split(';').map(Number);
      const values = /values="([^"]*)"/.exec(frame)![1].split(';');
      return values[times.findLastIndex((start) => start <= time)] === 'visible';
    };
    for (const [i, time] of [0.1, 0.5, 0.9].entries())
      expect(frames.map((frame) => shownAt(frame, time))).toEqual(frames.map((_, frame) => frame === i));
  });

  it('draws a cell over its usual look where it looks otherwise', () => {
    const cell = (fill: string) => ({ ...scene('x'), shapes: [{ ...scene('x').shapes[0], fill, isCentred: true }] });
    const drawn = svgOf([cell('#00ff00'), cell('#ff0000'), cell('#ff0000')], 500);
    expect(drawn.match(/#ff0000/g)).toHaveLength(1);
    expect(drawn.indexOf('#ff0000')).toBeLessThan(drawn.indexOf('<g '));
    expect(drawn.match(/#00ff00/g)).toHaveLength(1);
    // texts between cells have nothing that covers them
    expect(svgOf([scene('a'), scene('b'), scene('b')], 500).match(/>b</g)).toHaveLength(2);
  });

  it('escapes what it is not', () => {
    expect(svg).toContain('a&lt;');
  });

  it('has no animation for a single frame', () => {
    expect(svgOf([scene('one')], 500)).not.toContain('animate');
  });
});

describe('a typed number', () => {
  it.each([
    ['3', 3],
    [' -2.5 ', -2.5],
    ['\u22124', -4],
    ['0,5', 0.5],
    ['0.333', 0.33],
    ['', undefined],
    ['-', undefined],
    ['1000', undefined],
    ['x', undefined],
  ])('"%s" is %s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });
});
