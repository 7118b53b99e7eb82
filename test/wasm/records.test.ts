import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { records } from '../../src/wasm/records.js';

/** Where each record class stands. */
const classes = {
  geometry: ['conv/geometry.ts', 'Geometry'],
  product: ['gemm/product.ts', 'Product'],
  depthwise: ['conv/depthwise.ts', 'Depthwise'],
  pool: ['pool/geometry.ts', 'Pool'],
  poolSpan: ['pool/geometry.ts', 'Span'],
  poolRun: ['pool/geometry.ts', 'Run'],
  poolStrip: ['pool/geometry.ts', 'Strip'],
  taps: ['pool/taps.ts', 'Taps'],
  strip: ['gemm/tile.ts', 'Strip'],
  outer: ['gemm/outer.ts', 'Outer'],
} as const;

describe('records', () => {
  it.each(Object.keys(records) as (keyof typeof records)[])(
    '%s lists the fields of its class in order, one word each',
    (name) => {
      const [file, className] = classes[name];
      const source = readFileSync(new URL(`../../assembly/${file}`, import.meta.url), 'utf8');
      const body = new RegExp(`@unmanaged\\nexport class ${className} \\{\\n([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? '';
      const code = body.replace(/\/\*\*[\s\S]*?\*\//g, '');
      const fields = [...code.matchAll(/(\w+): (i32|usize|f32|Strip);/g)].map((match) => match[1]);
      expect(fields).toEqual([...records[name]]);
      expect(code.replace(/\w+: (i32|usize|f32|Strip);/g, '').trim()).toBe('');
    },
  );
});
