import { parentPort } from 'node:worker_threads';
import { conv2d } from 'stridewise';

parentPort.on('message', ({ x, weight }) => {
  const y = conv2d(x, weight);
  parentPort.postMessage(y, [y.data.buffer]);
  parentPort.close();
});
