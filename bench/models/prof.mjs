import { openNetwork } from './open.js';
import { networks } from './networks.js';
import { accelerate } from '../../dist/tfjs.js';
const re = new RegExp(process.argv[2] ?? '.');
const threads = +(process.argv[3] ?? 1);
const conv = /Conv|MatMul|Pool/;
for (const network of networks.filter((n) => re.test(n.name))) {
  try {
  const { tf, predict } = await openNetwork(network, 'wasm', threads > 1 ? threads : 1);
  const acc = await accelerate(tf, { threads });
  const t = {}; let on = false;
  for (const k of tf.getKernelsForBackend('wasm')) {
    tf.unregisterKernel(k.kernelName, 'wasm');
    const mine = acc.kernels.includes(k.kernelName);
    tf.registerKernel({ ...k, kernelFunc(c) { const b = performance.now(); try { return k.kernelFunc(c); } finally { if (on) { const n = (mine ? '' : '*') + k.kernelName; (t[n] ??= [0, 0])[0] += performance.now() - b; t[n][1]++; } } } });
  }
  for (let i = 0; i < 5; i++) await predict();
  on = true; const N = 12; const times = [];
  for (let i = 0; i < N; i++) { const b = performance.now(); await predict(); times.push(performance.now() - b); }
  on = false;
  const total = times.reduce((a, b) => a + b) / N;
  const list = Object.entries(t).map(([n, [ms, c]]) => [n, ms / N, c / N]).sort((a, b) => b[1] - a[1]);
  const sum = list.reduce((a, x) => a + x[1], 0), cv = list.filter((x) => conv.test(x[0])).reduce((a, x) => a + x[1], 0);
  console.log(network.name, total.toFixed(2), 'conv', (100 * cv / total).toFixed(0) + '%', 'around', (100 * (sum - cv) / total).toFixed(0) + '%', 'js', (100 * (total - sum) / total).toFixed(0) + '%', '|', list.slice(0, 9).map(([n, ms, c]) => `${n} ${(100 * ms / total).toFixed(0)}%/${c.toFixed(0)}`).join(' '));
  acc.undo();
  } catch (e) { console.log(network.name, String(e).slice(0, 200)); }
}
process.exit();
