import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.bin': 'application/octet-stream',
});

/** What lets a page share memory with its workers. */
const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

/**
 * Serves a folder to this machine alone.
 * @param {string} folder @param {number} port 0 for any that is free. @param {boolean} [isolated] The page may share
 * memory.
 */
export async function serve(folder, port, isolated = false) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    try {
      const body = await readFile(join(folder, path === '/' ? 'index.html' : path));
      response.setHeader('content-type', TYPES[extname(path)] ?? TYPES['.html']);
      if (isolated) response.setHeaders(new Map(Object.entries(ISOLATION)));
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: open } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    address: `http://localhost:${open}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
