import * as stridewise from 'stridewise';
import * as arithmetic from 'stridewise/arithmetic';
import * as matrix from 'stridewise/matrix';
import simd from 'stridewise/simd.wasm?module';
import { suite } from './suite/index.js';

addEventListener('fetch', (event) => {
  const report = suite({ stridewise }, [arithmetic, matrix], async () => simd);
  event.respondWith(report.then((found) => new Response(JSON.stringify(found))));
});
