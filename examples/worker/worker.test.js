import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { decode, encode } from 'fast-png';
import { serve } from './serve.js';

let worker;
before(async () => (worker = await serve(0)));
after(() => worker.stop());

/**
 * Sends a request on a connection of its own, which a refusal may end.
 * @returns {Promise<{ status: number, headers: Record<string, string>, body: Buffer }>}
 */
const send = (method, body = '', headers = {}) =>
  new Promise((resolve, reject) => {
    const sending = request(worker.url, { method, headers, agent: false }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
      sending.destroy();
    });
    sending.on('error', reject);
    // a body that is shorter than its length says is never ended
    if ('content-length' in headers) sending.write(body);
    else sending.end(body);
  });

const post = (body) => send('POST', body);

/** Levels of a picture that is nowhere symmetric. */
const levels = (length, most) => Array.from({ length }, (_, i) => (i * i * 7 + 13 * i) % (most + 1));

/** Sobel's edges of grey levels by a plain loop; a cell beyond the border is the one at the border. */
function plainEdges(grey, width, height) {
  const at = (y, x) => grey[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))];
  const right = (y, x) =>
    at(y - 1, x + 1) - at(y - 1, x - 1) + 2 * (at(y, x + 1) - at(y, x - 1)) + at(y + 1, x + 1) - at(y + 1, x - 1);
  const down = (y, x) =>
    at(y + 1, x - 1) - at(y - 1, x - 1) + 2 * (at(y + 1, x) - at(y - 1, x)) + at(y + 1, x + 1) - at(y - 1, x + 1);
  return Array.from({ length: width * height }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    return Math.min(255, Math.round(Math.sqrt(right(y, x) ** 2 + down(y, x) ** 2)));
  });
}

const chunk = (name, body) => {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), Buffer.from(body)]);
  const word = (value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  return Buffer.concat([word(named.length - 4), named, word(crc32(named))]);
};

/** A file made by hand, of `rows` with their filter bytes, and `more` chunks before them. */
function handmade({ width, height, depth, colorType, interlaced = false, more = [], rows }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colorType, 0, 0, interlaced ? 1 : 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...more,
    chunk('IDAT', deflateSync(Buffer.from(rows))),
    chunk('IEND', []),
  ]);
}

const [GREY, PALETTE] = [0, 3];

/** Rows of `depth` bits a sample, unfiltered. */
const packedRows = (values, width, depth) => {
  const bits = values.map((value) => value.toString(2).padStart(depth, '0'));
  const rows = Array.from({ length: values.length / width }, (_, y) => bits.slice(y * width, (y + 1) * width).join(''));
  const bytesOf = (row) => row.match(/.{1,8}/g).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
  return rows.flatMap((row) => [0, ...bytesOf(row)]);
};

async function expectEdges(file, grey, width, height) {
  const { status, headers, body } = await post(file);
  assert.equal(status, 200, `${body}`);
  assert.equal(headers['content-type'], 'image/png');
  const edges = decode(body, { checkCrc: true });
  assert.deepEqual([edges.width, edges.height, edges.channels, edges.depth], [width, height, 1, 8]);
  assert.deepEqual([...edges.data], plainEdges(grey, width, height));
}

async function expectRefusal({ status, headers, body }, expected, reason) {
  assert.equal(status, expected);
  assert.match(`${body}`, reason);
  assert.match(headers['content-type'], /^text\/plain/);
  // and the next one is served
  await expectEdges(file, grey, width, height);
}

const [width, height] = [13, 9];
const pixels = width * height;
const grey = levels(pixels, 255);
const file = encode({ width, height, data: Uint8Array.from(grey), channels: 1, depth: 8 });

describe('a PNG is answered with its edges', () => {
  it('grey', () => expectEdges(file, grey, width, height));

  it('a single pixel', () =>
    expectEdges(encode({ width: 1, height: 1, data: Uint8Array.of(7), channels: 1 }), [7], 1, 1));

  it('16 bits', () => {
    const data = Uint16Array.from(grey, (level) => level * 257);
    return expectEdges(encode({ width, height, data, channels: 1, depth: 16 }), grey, width, height);
  });

  it('one bit', () => {
    const bits = levels(pixels, 1);
    const rows = packedRows(bits, width, 1);
    const black = bits.map((bit) => 255 * bit);
    return expectEdges(handmade({ width, height, depth: 1, colorType: GREY, rows }), black, width, height);
  });

  it('colours, the transparent ones over white', () => {
    const data = Uint8Array.from(
      grey.flatMap((level, i) => (i % 3 === 0 ? [9, level, 77, 0] : [level, level, level, 255])),
    );
    const seen = grey.map((level, i) => (i % 3 === 0 ? 255 : level));
    return expectEdges(encode({ width, height, data, channels: 4 }), seen, width, height);
  });

  it('a palette', () => {
    const indices = levels(pixels, 10);
    const more = [chunk('PLTE', Array.from({ length: 11 }, (_, i) => [20 * i, 20 * i, 20 * i]).flat())];
    const seen = indices.map((index) => 20 * index);
    const rows = packedRows(indices, width, 4);
    return expectEdges(handmade({ width, height, depth: 4, colorType: PALETTE, more, rows }), seen, width, height);
  });

  it('interlaced', () => {
    const passes = [
      { x0: 0, y0: 0, dx: 8, dy: 8 },
      { x0: 4, y0: 0, dx: 8, dy: 8 },
      { x0: 0, y0: 4, dx: 4, dy: 8 },
      { x0: 2, y0: 0, dx: 4, dy: 4 },
      { x0: 0, y0: 2, dx: 2, dy: 4 },
      { x0: 1, y0: 0, dx: 2, dy: 2 },
      { x0: 0, y0: 1, dx: 1, dy: 2 },
    ];
    const rows = passes.flatMap(({ x0, y0, dx, dy }) => {
      const columns = Array.from({ length: Math.ceil((width - x0) / dx) }, (_, i) => x0 + i * dx);
      return Array.from({ length: Math.ceil((height - y0) / dy) }, (_, i) => [
        0,
        ...columns.map((x) => grey[(y0 + i * dy) * width + x]),
      ]).flat();
    });
    return expectEdges(
      handmade({ width, height, depth: 8, colorType: GREY, interlaced: true, rows }),
      grey,
      width,
      height,
    );
  });

  it('several at once', () => Promise.all(Array.from({ length: 8 }, () => expectEdges(file, grey, width, height))));

  it('two million pixels', async () => {
    const [width, height] = [2048, 1024];
    const grey = levels(width * height, 255);
    await expectEdges(encode({ width, height, data: Uint8Array.from(grey), channels: 1 }), grey, width, height);
  });
});

describe('what is no PNG is 415', () => {
  const rows = packedRows(grey, width, 8);
  const hand = (more) => handmade({ width, height, depth: 8, colorType: GREY, rows, ...more });
  const flipped = (at) => Buffer.from(file).map((byte, i) => (i === at ? byte ^ 1 : byte));
  const bodies = {
    nothing: [undefined, /signature/],
    text: ['edges, please', /signature/],
    'a JPEG': [Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), /signature/],
    'a signature alone': [file.subarray(0, 8), /too early/],
    'half a file': [file.subarray(0, file.length >> 1), /too early/],
    'a chunk longer than the file': [flipped(8), /too early/],
    'a wrong checksum': [flipped(file.length - 1), /CRC/],
    'no header': [Buffer.concat([file.subarray(0, 8), chunk('IEND', [])]), /header/],
    'no pixels': [hand({ width: 0 }), /no pixels/],
    'too few rows': [hand({ rows: rows.slice(0, -1) }), /fewer bytes/],
    'too many rows': [hand({ rows: [...rows, 0] }), /more bytes/],
    'a small picture of 50 million bytes': [hand({ rows: new Uint8Array(5e7) }), /more bytes/],
    'rows that cannot be unpacked': [flipped(60), /unpacked|bytes/],
    'a depth that there is not': [
      hand({
        depth: 7,
        rows: packedRows(
          grey.map((level) => level >> 1),
          width,
          7,
        ),
      }),
      /depth/,
    ],
    'a filter that there is not': [hand({ rows: rows.with(0, 9) }), /filter/],
  };
  for (const [name, [body, reason]] of Object.entries(bodies)) {
    it(name, async () => expectRefusal(await post(body), 415, reason));
  }
});

describe('what is too large is 413', () => {
  const large = new Uint8Array(8 * 2 ** 20 + 1).fill(1);
  large.set(file);

  it('more bytes', async () => expectRefusal(await post(large), 413, /more than 8388608 bytes/));

  it('far more bytes, of which few are sent', async () => {
    await expectRefusal(await send('POST', file, { 'content-length': 2 ** 31 }), 413, /more than 8388608 bytes/);
  });

  it('more bytes, of which the number is not told', async () => {
    await expectRefusal(await send('POST', large, { 'transfer-encoding': 'chunked' }), 413, /more than 8388608 bytes/);
  });

  it('more pixels', async () => {
    const body = handmade({ width: 2049, height: 1024, depth: 8, colorType: GREY, rows: [0] });
    await expectRefusal(await post(body), 413, /2049 x 1024 pixels, more than 2097152/);
  });
});

describe('other methods are 405', () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    it(method, async () => {
      const answer = await send(method);
      assert.equal(answer.headers.allow, 'POST');
      await expectRefusal(answer, 405, /POST/);
    });
  }
});
