import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Most bytes that a host may print of an error that nobody catches. */
const MOST = 3000;

const program = (entry, statement) => `import * as stridewise from '${entry}';\n${statement};\n`;

/** Errors of each entry, and what must be in the words of the host. */
const programs = {
  'conv2d.js': {
    code: program(
      'stridewise',
      'stridewise.conv2d(stridewise.tensor([1], [1, 1, 1, 1]), stridewise.tensor([1, 2], [1, 2, 1, 1]))',
    ),
    message: 'ShapeError',
  },
  'option.js': {
    code: program('stridewise', 'stridewise.maxPool2d(stridewise.tensor([1], [1, 1, 1, 1]), { kernel: 1 })'),
    message: 'kernelSize',
  },
  'matrix.js': {
    code: program(
      'stridewise/matrix',
      'stridewise.convMatrix({ data: new Float32Array(2), shape: [1, 1, 3] }, [1, 4])',
    ),
    message: 'ShapeError',
  },
  'arithmetic.js': {
    code: program('stridewise/arithmetic', 'stridewise.convOutputSize(2, { kernelSize: 3 })'),
    message: 'ShapeError',
  },
};

/**
 * What is wrong with the words of a host about errors that nobody catches: the line of code beside them may bury the
 * message.
 */
export async function uncaught(app, { name, execute }) {
  const found = [];
  for (const [file, { code, message }] of Object.entries(programs)) {
    writeFileSync(join(app, file), code);
    const printed = await execute(app, file).then(
      () => 'no error',
      ({ stdout, stderr }) => `${stdout}${stderr}`,
    );
    if (!printed.includes(message))
      found.push(`${name}, ${file}: "${message}" is not in what it prints: ${printed.slice(0, MOST)}`);
    if (printed.length > MOST)
      found.push(`${name}, ${file}: ${printed.length} bytes about an error that nobody catches`);
  }
  return found;
}
