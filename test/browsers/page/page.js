import { rejects, truthy } from './suite/expect.js';

// Nothing of the package is here before this line: what a page waits for its first result is fetching, parsing,
// compiling and the call.
const begin = performance.now();

const from = (name) => import(`./node_modules/stridewise/dist/${name}.js`);

const post = (report) => fetch('/report', { method: 'POST', body: JSON.stringify(report) });

/** Does the policy of this page hold at all? */
const policy = {
  title: 'the page refuses eval',
  run() {
    let ran = false;
    try {
      ran = new Function('return true')();
    } catch {}
    truthy(!ran, 'eval is refused');
  },
};

/** The same call in a page whose policy lacks 'wasm-unsafe-eval'. */
const refusal = ({ UnsupportedError }) => ({
  title: 'a page that forbids WebAssembly is told what its policy lacks',
  async run() {
    const frame = document.createElement('iframe');
    const answer = new Promise((_, reject) => {
      addEventListener('message', ({ data }) =>
        reject(Object.assign(new UnsupportedError(data.message), { name: data.name })),
      );
    });
    frame.src = 'closed.html';
    document.body.append(frame);
    await rejects(answer, UnsupportedError, /'wasm-unsafe-eval'/);
    frame.remove();
  },
});

async function report() {
  const stridewise = await from('index');
  const loaded = performance.now() - begin;
  // WebKitGTK isolates the page, and shares no memory all the same
  const threads = typeof SharedArrayBuffer === 'function' ? { 'stridewise/threads': await from('threads') } : {};
  const [{ suite }, url, ...pures] = await Promise.all([
    import('./suite/index.js'),
    from('url'),
    from('arithmetic'),
    from('matrix'),
  ]);
  const module = () => WebAssembly.compileStreaming(fetch('./node_modules/stridewise/dist/simd.wasm'));
  const entries = { stridewise, 'stridewise/url': url, ...threads };
  const settings = { 'stridewise/threads': { threads: 2, leastFloats: 0 } };
  const found = await suite(entries, pures, module, [policy, refusal(stridewise)], settings);
  return { ...found, firstResult: loaded + found.firstResult };
}

report().then(post, (error) => post({ error: `${error.name}: ${error.message}` }));
