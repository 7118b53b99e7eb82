import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { records } from '../../src/wasm/records.js';

const assembly = new URL('../../assembly/', import.meta.url);

const paths = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

/** Where two kernels have a class of one name: the folder, and the name there. */
const homonyms: Partial<Record<keyof typeof records, readonly [folder: string, className: string]>> = {
  poolSpan: ['pool', 'Span'],
  poolRun: ['pool', 'Run'],
  poolStrip: ['pool', 'Strip'],
};

/** Fields of a record class, `usize` and nested records being addresses; every one is a word of 32 bits. */
const WORD = /(\w+): (i32|u32|usize|f32|[A-Z]\w*);/g;

describe('records', () => {
  it.each(Object.keys(records) as (keyof typeof records)[])(
    '%s lists the fields of its class in order, one word each',
    (name) => {
      const [folder, className] = homonyms[name] ?? ['', name[0].toUpperCase() + name.slice(1)];
      const declaration = new RegExp(`@unmanaged\\nexport class ${className} \\{\\n([\\s\\S]*?)\\n\\}`);
      const bodies = paths
        .filter((path) => path.startsWith(folder))
        .map((path) => declaration.exec(readFileSync(new URL(path, assembly), 'utf8'))?.[1])
        .filter((body) => body !== undefined);
      expect(bodies).toHaveLength(1);
      const code = bodies[0].replace(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, '');
      expect([...code.matchAll(WORD)].map((match) => match[1])).toEqual([...records[name]]);
      expect(code.replace(WORD, '').trim()).toBe('');
    },
  );
});
