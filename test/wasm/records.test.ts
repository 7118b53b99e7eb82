import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { records } from '../../src/wasm/records.js';

const assembly = new URL('../../assembly/', import.meta.url);

const sources = readdirSync(assembly, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(new URL(path, assembly), 'utf8'));

/** Fields of a record class, `usize` and nested records being addresses; every one is a word of 32 bits. */
const WORD = /(\w+): (i32|u32|usize|f32|[A-Z]\w*);/g;

describe('records', () => {
  it.each(Object.keys(records) as (keyof typeof records)[])(
    '%s lists the fields of its class in order, one word each',
    (name) => {
      const className = name[0].toUpperCase() + name.slice(1);
      const declaration = new RegExp(`@unmanaged\\nexport class ${className} \\{\\n([\\s\\S]*?)\\n\\}`);
      const bodies = sources.map((source) => declaration.exec(source)?.[1]).filter((body) => body !== undefined);
      expect(bodies).toHaveLength(1);
      const code = bodies[0].replace(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, '');
      expect([...code.matchAll(WORD)].map((match) => match[1])).toEqual([...records[name]]);
      expect(code.replace(WORD, '').trim()).toBe('');
    },
  );
});
