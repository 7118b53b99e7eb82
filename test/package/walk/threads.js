import { Worker } from 'node:worker_threads';
import { tensor } from 'stridewise';

const worker = new Worker(new URL('./worker.js', import.meta.url));
worker.on('message', (y) => console.log(y.shape, y.data));
worker.postMessage({ x: tensor([1, 2, 3, 4], [1, 1, 2, 2]), weight: tensor([1, 1], [1, 1, 1, 2]) });
