import { features } from './node_modules/stridewise/dist/index.js';

try {
  parent.postMessage({ name: 'none', message: `no error: ${JSON.stringify(features())}` });
} catch ({ name, message }) {
  parent.postMessage({ name, message });
}
