import { parseAst } from 'rollup/parseAst';

const isFunction = ({ type }) => /Function/.test(type);

/** Names that make code of text. */
const MAKES_CODE = new Set(['eval', 'Function']);

function* nodes(node, inFunction = false) {
  yield { node, inFunction };
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') yield* nodes(child, inFunction || isFunction(node));
    }
  }
}

/** What a shipped file imports must stand beside it: kernels, or the files that it works with. */
const allowed = (source) =>
  /^\.\/(simd|relaxed|nn)\.wasm(\?module)?$|^\.\/(index|nn|nn-functions|tfjs-threads)(\.workerd|\.edge-light)?\.c?js$/.test(
    source,
  );

function problem({ node, inFunction }) {
  const { type, callee } = node;
  if ((type === 'CallExpression' || type === 'NewExpression') && MAKES_CODE.has(callee.name))
    return `calls ${callee.name}`;
  if (!inFunction && (type === 'AwaitExpression' || (type === 'ForOfStatement' && node.await)))
    return 'awaits at top level';
  if (callee?.name === 'require' && node.arguments[0].value !== 'node:url' && !allowed(node.arguments[0].value))
    return `requires ${node.arguments[0].value}`;
  if (type === 'ImportExpression' && !allowed(node.source.value)) return `imports ${node.source.value} at run time`;
  if (/^(Import|Export)/.test(type) && node.source && !allowed(node.source.value))
    return `imports ${node.source.value}`;
  return undefined;
}

/** Most columns of a line, which hosts print when an error is thrown there. */
const COLUMNS = 500;

/** The kernels and their differences, which stand in a function that does not throw. */
const isText = (line) => /"[^"]{5000}|'[^']{1000}/.test(line);

const longLines = (code) =>
  code
    .split('\n')
    .flatMap((line, i) =>
      line.length > COLUMNS && !isText(line) ? [`has ${line.length} columns in line ${i + 1}`] : [],
    );

/** What is wrong with a file of the package. */
export function problemsOf(name, code) {
  const found = [...nodes(parseAst(code))].map(problem).filter((text) => text !== undefined);
  return [...new Set(found), ...longLines(code)].map((text) => `${name} ${text}`);
}
