import { conv2d } from './node_modules/stridewise/dist/index.js';

addEventListener('message', ({ data: { x, weight } }) => postMessage(conv2d(x, weight).data));
