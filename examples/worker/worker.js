// A Cloudflare Worker that takes a PNG by POST and answers with its edges, as a PNG.
//   npm run example:worker
//   curl --data-binary @photo.png http://127.0.0.1:8787 --output edges.png

import { edgesOf } from './edges.js';
import { decodeGrey, encodeGrey } from './png.js';
import { Refusal } from './refusal.js';

/** Bytes of the largest file that is read. */
const MOST_BYTES = 8 * 2 ** 20;
/** Of a larger one that much is let go by: many clients hear an answer only after they have sent all. */
const MOST_SENT = 4 * MOST_BYTES;

export default {
  /** @param {Request} request */
  async fetch(request) {
    try {
      if (request.method !== 'POST') throw new Refusal(405, 'send a PNG by POST', { allow: 'POST' });
      const picture = await decodeGrey(await readBody(request));
      const edges = encodeGrey({ ...picture, data: edgesOf(picture) });
      return new Response(edges, { headers: { 'content-type': 'image/png' } });
    } catch (error) {
      if (error instanceof Refusal) return error.response();
      throw error;
    }
  },
};

/**
 * The body, as far as it is not too large: its length is not always told in advance.
 * @param {Request} request
 */
async function readBody(request) {
  const refusal = new Refusal(413, `more than ${MOST_BYTES} bytes`);
  if (Number(request.headers.get('content-length')) > MOST_SENT) throw refusal;
  const parts = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > MOST_SENT) throw refusal;
    if (length <= MOST_BYTES) parts.push(part);
  }
  if (length > MOST_BYTES) throw refusal;
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
