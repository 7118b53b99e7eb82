// AssemblyScript -> WebAssembly, before Binaryen's own programs are run on it.
import { fileURLToPath } from 'node:url';
import { FunctionPrototype } from 'assemblyscript';
import asc from 'assemblyscript/asc';
import { boundaryOf, decorators } from './boundary.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const isFunction = (element) => element instanceof FunctionPrototype;
const isApart = ({ declaration }) => decorators(declaration).some(({ name }) => name.text === 'apart');

/**
 * Compiles what the arguments for asc say. Gives the names of what index.ts exports, and the text of the TypeScript
 * that has to know of it. `io`: where asc reads and writes, by default files; `index`: the list of exports.
 *
 * Hot loops are marked @apart: they stay functions of their own. Binaryen would inline what has one caller, and an
 * engine that replaces code only between calls (V8) could not replace the loop then while a call runs. So they are
 * exported besides, for as long as Binaryen works; what ships does not name them.
 */
export async function compile(args, io = {}, index = 'assembly/index') {
  let program;
  let kernels = [];
  let boundary = '';
  const transform = {
    afterInitialize(initialized) {
      program = initialized;
      const entry = program.filesByName.get(index);
      kernels = [...entry.exports.values()].filter(isFunction);
      const apart = [...program.elementsByName.values()].filter(isFunction).filter(isApart);
      for (const loop of apart) entry.ensureExport(loop.name, loop);
    },
    afterCompile() {
      boundary = boundaryOf(program, kernels);
    },
  };
  const options = { stdout: process.stdout, stderr: process.stderr, ...io, transforms: [transform] };
  const { error } = await asc.main([...args, '--baseDir', root], options);
  if (error) throw error;
  return { names: kernels.map(({ name }) => name), boundary };
}
