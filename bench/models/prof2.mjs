import { openNetwork } from './open.js';
import { networks } from './networks.js';
import { accelerate } from '../../dist/tfjs.js';
import { Worker, isMainThread } from 'node:worker_threads';
const re = new RegExp(process.argv[2] ?? '.');
const threads = +(process.argv[3] ?? 2);
const network = networks.find((n) => re.test(n.name));
const { tf, predict } = await openNetwork(network, 'wasm', threads);
const acc = await accelerate(tf, { threads });
console.log(acc.threads, acc.threadsReason);
const per = [];
for (const k of tf.getKernelsForBackend('wasm')) {
    tf.unregisterKernel(k.kernelName, 'wasm');
    tf.registerKernel({ ...k, kernelFunc(c) { const b = performance.now(); const u = process.cpuUsage(); const r = k.kernelFunc(c); const w = process.cpuUsage(u); per.push([k.kernelName, performance.now() - b, (w.user + w.system) / 1000, c.inputs.x?.shape?.join('x'), c.inputs.filter?.shape?.join('x')]); return r; } });
}
for (let i = 0; i < 15; i++) { per.length = 0; await predict(); }
for (const p of per) console.log(p[0], p[1].toFixed(2), (p[2] / p[1]).toFixed(2), p[3], p[4]);
console.log(per.reduce((a, p) => a + p[1], 0), per.reduce((a, p) => a + p[2], 0));
process.exit();
