import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** What a careful page allows: no inline script, no eval, but WebAssembly. */
const OPEN = "script-src 'self' 'wasm-unsafe-eval'";
const CLOSED = "script-src 'self'";

/**
 * Serves a folder on this machine alone, each page under its policy, and takes the report that the page posts.
 * @returns address, the next report, and the end
 */
export async function serve(directory) {
  let receive;
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    if (request.method === 'POST') {
      receive(JSON.parse(await text(request)));
      response.end();
      return;
    }
    try {
      const body = await readFile(join(directory, path === '/' ? 'index.html' : path));
      response.setHeader('content-type', TYPES[extname(path)] ?? 'text/html');
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
      response.setHeader('content-security-policy', path.startsWith('/closed') ? CLOSED : OPEN);
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    report: () =>
      new Promise((resolve) => {
        receive = resolve;
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
