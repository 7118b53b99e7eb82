import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { find } from './find.js';

const LIB = '/usr/lib';

/** MiniBrowser stands in the folder of the library: …/webkit2gtk-4.1/MiniBrowser. */
const miniBrowser = () =>
  find(
    ...readdirSync(LIB)
      .filter((name) => name.endsWith('-linux-gnu'))
      .flatMap((name) => ['4.1', '4.0'].map((version) => `${LIB}/${name}/webkit2gtk-${version}/MiniBrowser`)),
  );

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** A screen in memory; its number comes on a pipe. */
async function screen() {
  const xvfb = spawn(find('Xvfb'), ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [line] = await once(xvfb.stdio[3], 'data');
  return { display: `:${String(line).trim()}`, stop: () => xvfb.kill() };
}

/** One command of the WebDriver protocol. */
async function command(driver, path, body) {
  const response = await fetch(`${driver}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(value.message);
  return value;
}

async function ready(driver) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(`${driver}/status`).catch(() => undefined);
    if (answer?.ok) return;
    await setTimeout(100);
  }
  throw new Error('WebKitWebDriver does not answer');
}

/** Visits a page with a driver and a display that are there. */
async function visit(port, binary, address, visited) {
  const driver = `http://127.0.0.1:${port}`;
  await ready(driver);
  const browser = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
  const { sessionId, capabilities } = await command(driver, '/session', { capabilities: { alwaysMatch: browser } });
  try {
    await command(driver, `/session/${sessionId}/url`, { url: address });
    return { version: capabilities.browserVersion, ...(await visited) };
  } finally {
    await fetch(`${driver}/session/${sessionId}`, { method: 'DELETE' });
  }
}

/** WebKit's GTK port, which needs a screen. */
export const webkit = {
  name: 'WebKitGTK',
  packages: 'webkit2gtk-driver xvfb',
  find: () => (find('WebKitWebDriver') && find('Xvfb') ? miniBrowser() : undefined),
  async open(binary, address, visited) {
    const runtime = mkdtempSync(join(tmpdir(), 'stridewise-'));
    const { display, stop } = await screen();
    const port = await freePort();
    const env = {
      ...process.env,
      DISPLAY: display,
      XDG_RUNTIME_DIR: runtime,
      LIBGL_ALWAYS_SOFTWARE: '1',
      // the tests of a container run as root, where the sandbox cannot
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    };
    const driver = spawn(find('WebKitWebDriver'), [`--port=${port}`], { env, stdio: 'ignore' });
    try {
      return await visit(port, binary, address, visited);
    } finally {
      driver.kill();
      stop();
      rmSync(runtime, { recursive: true, force: true });
    }
  },
};
