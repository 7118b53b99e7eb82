// PNG files made byte by byte (PNG specification, third edition), in kinds that the example's own encoder never writes.

import { deflateSync } from 'node:zlib';

const GREY = 0;
const COLOUR = 2;
const PALETTE = 3;
const GREY_ALPHA = 4;
const COLOUR_ALPHA = 6;

/** A black and white picture: rows of '#' (white) and '.' (black). */
export type Drawing = readonly string[];

function crc(bytes: Uint8Array): number {
  let value = -1;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}

function chunk(name: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

/** Rows are sample bytes without the filter byte, which is always 0 here. */
function png(
  width: number,
  height: number,
  depth: number,
  colorType: number,
  rows: number[][],
  extra: Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  header[9] = colorType;
  const samples = Buffer.from(rows.flatMap((row) => [0, ...row]));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', deflateSync(samples)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Every pixel becomes the bytes its kind has for white or for black. */
function drawn(
  drawing: Drawing,
  depth: number,
  colorType: number,
  white: number[],
  black: number[],
  extra: Buffer[] = [],
): Buffer {
  const rows = drawing.map((row) => [...row].flatMap((mark) => (mark === '#' ? white : black)));
  return png(drawing[0].length, drawing.length, depth, colorType, rows, extra);
}

function oneBit(drawing: Drawing): Buffer {
  const rows = drawing.map((row) => {
    const bits = row.replaceAll('#', '1').replaceAll('.', '0');
    return (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
  });
  return png(drawing[0].length, drawing.length, 1, GREY, rows);
}

/** The same picture in every kind of PNG. */
export const kinds: Record<string, (drawing: Drawing) => Buffer> = {
  'colour, 8 bits': (drawing) => drawn(drawing, 8, COLOUR, [255, 255, 255], [0, 0, 0]),
  'colour, 16 bits': (drawing) => drawn(drawing, 16, COLOUR, [255, 255, 255, 255, 255, 255], [0, 0, 0, 0, 0, 0]),
  'colour and alpha': (drawing) => drawn(drawing, 8, COLOUR_ALPHA, [255, 255, 255, 255], [0, 0, 0, 255]),
  'transparent where white': (drawing) => drawn(drawing, 8, COLOUR_ALPHA, [40, 90, 10, 0], [0, 0, 0, 255]),
  'colour and alpha, 16 bits': (drawing) =>
    drawn(drawing, 16, COLOUR_ALPHA, [1, 2, 3, 4, 5, 6, 0, 0], [0, 0, 0, 0, 0, 0, 255, 255]),
  'grey, 1 bit': oneBit,
  'grey, 8 bits': (drawing) => drawn(drawing, 8, GREY, [255], [0]),
  'grey, 16 bits': (drawing) => drawn(drawing, 16, GREY, [255, 255], [0, 0]),
  'grey and alpha': (drawing) => drawn(drawing, 8, GREY_ALPHA, [7, 0], [0, 255]),
  'grey, one of them transparent': (drawing) =>
    drawn(drawing, 8, GREY, [77], [0], [chunk('tRNS', Buffer.from([0, 77]))]),
  palette: (drawing) => drawn(drawing, 8, PALETTE, [1], [0], [chunk('PLTE', Buffer.from([0, 0, 0, 255, 255, 255]))]),
  'palette with transparency': (drawing) =>
    drawn(
      drawing,
      8,
      PALETTE,
      [1],
      [0],
      [chunk('PLTE', Buffer.from([0, 0, 0, 9, 9, 9])), chunk('tRNS', Buffer.from([255, 0]))],
    ),
};

/** One colour everywhere. */
export function flat(width: number, height: number, colour: readonly [number, number, number]): Buffer {
  return png(
    width,
    height,
    8,
    COLOUR,
    Array.from({ length: height }, () => Array.from({ length: width }, () => colour).flat()),
  );
}

/** A file that says it holds width x height pixels of colour, and holds one row of three. */
export const oneRow = (width: number, height: number): Buffer =>
  png(width, height, 8, COLOUR, [[1, 2, 3, 4, 5, 6, 7, 8, 9]]);
