// PNG files in, grey levels out, and back. What a file claims is looked at before anything is made of it.

import { convertIndexedToRgb, decode, encode } from 'fast-png';
import { Refusal } from './refusal.js';

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/**
 * Pixels of the largest picture, a little more than 1920 x 1080: with all its copies it fits into the 128 MB of a
 * worker.
 */
const MOST_PIXELS = 2 ** 21;
/** Chunks without which there is no picture; others may hold anything, and are left out. */
const CRITICAL = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];
/** Share of red, green and blue in the luminance (Rec. 709). */
const LUMINANCE = [0.2126, 0.7152, 0.0722];

const noPng = (why) => new Refusal(415, `not a PNG that can be read: ${why}`);

/**
 * Decodes a PNG of any kind to grey levels from 0 to 255; what is transparent is laid over white.
 * @param {Uint8Array} file
 * @returns {Promise<{ data: Float32Array, width: number, height: number }>}
 * @throws {Refusal} 415 for what is no PNG, 413 for too many pixels
 */
export async function decodeGrey(file) {
  const chunks = chunksOf(file);
  const header = readHeader(chunks[0]);
  const { width, height } = header;
  if (width * height > MOST_PIXELS) throw new Refusal(413, `${width} x ${height} pixels, more than ${MOST_PIXELS}`);
  await checkRows(chunks, header);
  const parts = chunks.filter(({ name }) => CRITICAL.includes(name)).map(({ bytes }) => bytes);
  const critical = await new Blob([Uint8Array.from(SIGNATURE), ...parts]).arrayBuffer();
  try {
    return { data: greyOf(decode(critical, { checkCrc: true })), width, height };
  } catch (cause) {
    throw noPng(cause.message);
  }
}

/**
 * @param {{ data: Uint8Array, width: number, height: number }} picture
 * @returns {Uint8Array} an eight-bit grey PNG
 */
export const encodeGrey = (picture) => encode({ ...picture, channels: 1, depth: 8 });

/**
 * Chunks with their length, name and checksum, up to the end.
 * @param {Uint8Array} file
 */
function chunksOf(file) {
  if (SIGNATURE.some((byte, i) => file[i] !== byte)) throw noPng('the signature is missing');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks = [];
  for (let at = SIGNATURE.length, name = ''; name !== 'IEND'; ) {
    const length = at + 12 <= file.length ? view.getUint32(at) : file.length;
    if (at + 12 + length > file.length) throw noPng('it ends too early');
    name = String.fromCharCode(...file.subarray(at + 4, at + 8));
    chunks.push({ name, bytes: file.subarray(at, at + 12 + length), body: file.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** @param {{ name: string, body: Uint8Array }} chunk */
function readHeader({ name, body }) {
  if (name !== 'IHDR' || body.length !== 13) throw noPng('the header is missing');
  const view = new DataView(body.buffer, body.byteOffset);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width === 0 || height === 0) throw noPng('it has no pixels');
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[body[9]] ?? 0;
  return { width, height, bits: samples * body[8], interlaced: body[12] === 1 };
}

/**
 * Unpacks the rows once only to count them: a few bytes may become gigabytes.
 * @param {{ name: string, body: Uint8Array }[]} chunks
 * @param {ReturnType<typeof readHeader>} header
 */
async function checkRows(chunks, { width, height, bits, interlaced }) {
  const rows = (w, h) => (w === 0 ? 0 : h * (1 + Math.ceil((w * bits) / 8)));
  // Adam7: first column and row of each pass, and the steps between them
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  const parts = passes.map(([x, y, dx, dy]) => rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)));
  const expected = interlaced ? parts.reduce((sum, bytes) => sum + bytes) : rows(width, height);
  const packed = new Blob(chunks.filter(({ name }) => name === 'IDAT').map(({ body }) => body));
  let found = 0;
  try {
    for await (const part of packed.stream().pipeThrough(new DecompressionStream('deflate'))) {
      found += part.length;
      if (found > expected) break;
    }
  } catch {
    throw noPng('its rows cannot be unpacked');
  }
  if (found !== expected) throw noPng(`its rows have ${found > expected ? 'more' : 'fewer'} bytes than its size says`);
}

/** @param {import('fast-png').DecodedPng} png */
function greyOf(png) {
  const { width, height } = png;
  const { data, channels, most } = samplesOf(png);
  const colours = channels < 3 ? 1 : 3;
  const grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    const at = i * channels;
    let level = colours === 1 ? data[at] : 0;
    for (let c = 0; c < 3 && colours === 3; c++) level += LUMINANCE[c] * data[at + c];
    const opaque = channels === colours ? 1 : data[at + colours] / most;
    grey[i] = 255 * ((level / most) * opaque + 1 - opaque);
  }
  return grey;
}

/**
 * One number per sample, the palette looked up and packed bits taken apart.
 * @param {import('fast-png').DecodedPng} png
 */
function samplesOf(png) {
  const { data, channels, depth, palette, width, height } = png;
  if (palette && channels === 1) return { data: convertIndexedToRgb(png), channels: palette[0].length, most: 255 };
  const most = 2 ** depth - 1;
  if (depth >= 8) return { data, channels, most };
  const rowBytes = Math.ceil((width * depth) / 8);
  const unpacked = new Uint8Array(width * height);
  for (let i = 0; i < unpacked.length; i++) {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)];
    unpacked[i] = (byte >> (8 - depth - (bit & 7))) & most;
  }
  return { data: unpacked, channels, most };
}
