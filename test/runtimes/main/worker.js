import * as stridewise from 'stridewise';
import * as arithmetic from 'stridewise/arithmetic';
import * as matrix from 'stridewise/matrix';
import simd from 'stridewise/simd.wasm';
import * as inlined from './node_modules/stridewise/dist/index.js';
import { throws } from './suite/expect.js';
import { suite } from './suite/index.js';

/** What somebody sees whose bundler does not know the condition. */
const refusal = {
  title: 'the default entry says why it cannot work here, and what to do',
  run() {
    throws(() => inlined.features(), inlined.UnsupportedError, /refuses to compile.*"workerd".*init\(\{ module \}\)/);
  },
};

export default {
  async fetch() {
    return Response.json(await suite({ stridewise }, [arithmetic, matrix], async () => simd, [refusal]));
  },
};
