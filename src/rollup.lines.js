import MagicString from 'magic-string';
import { parseAst } from 'rollup/parseAst';

/** Columns of a line with its comments, where the code has a place to break it. */
const [LEAST, MOST] = [60, 480];
const COMMENT = '/*@__PURE__*/';

const isNode = (value) => typeof value?.type === 'string';

/**
 * Nodes inside a node: `loading` says whether they run when the module is loaded, `place` where they stand in a list,
 * if in one.
 */
function* inside(node, loading = true) {
  for (const [key, value] of Object.entries(node)) {
    for (const [place, child] of (Array.isArray(value) ? value : [value]).entries()) {
      if (!isNode(child)) continue;
      yield { node: child, parent: node.type, key, place, loading };
      yield* inside(child, loading && !/Function/.test(child.type));
    }
  }
}

/**
 * Where a line may start: the second and later items of a list and statements, where no rule of automatic semicolons
 * tells the difference.
 */
const mayStart = ({ node, place }) => place > 0 && node.type !== 'TemplateElement';

/** Where a line inside of a statement should start, best first. */
const preferred = [
  ({ node }) => /^(Function|Class)Declaration$/.test(node.type),
  ({ node }) => /^(For|If|Return|VariableDeclaration$)/.test(node.type),
  ({ key }) => key === 'body',
  () => true,
];

/** Statements that end with a semicolon, and such that begin with a word: between them the end of a line will do. */
const ENDS = /^(ExpressionStatement|VariableDeclaration|ReturnStatement|ThrowStatement)$/;
const BEGINS =
  /^(ReturnStatement|VariableDeclaration|ThrowStatement|IfStatement|ForStatement|ForOfStatement|ClassDeclaration|FunctionDeclaration)$/;

/** Starts of statements before which a line may end in place of a semicolon: such ends cost nothing. */
function* free(code, node) {
  for (const value of Object.values(node)) {
    const list = Array.isArray(value) ? value : [value];
    for (const [place, child] of list.entries()) {
      if (!isNode(child)) continue;
      const before = place > 0 && list[place - 1];
      if (before && ENDS.test(before.type) && BEGINS.test(child.type))
        if (before.end === child.start && code[child.start - 1] === ';') yield child.start;
      yield* free(code, child);
    }
  }
}

/** Starts of the lines from `line` to `end`, where that is longer than a line may be. */
function breaks(places, line, end, calls) {
  const kinds = preferred.map((prefers) => startsOf(places.filter(prefers)));
  const all = kinds.at(-1);
  const starts = [line];
  const comments = (from, to) => calls.filter((call) => call >= from && call < to).length * COMMENT.length;
  while (end - line + comments(line, end) > MOST) {
    const from = line;
    const fits = (start) =>
      start >= from + LEAST && start <= from + MOST && start - from + comments(from, start) <= MOST;
    const next =
      kinds.map((kind) => kind.findLast(fits)).find((start) => start !== undefined) ??
      all.find((start) => start > from);
    if (next === undefined || next >= end) break;
    starts.push(next);
    line = next;
  }
  return starts;
}

const startsOf = (found) => [...new Set(found.map(({ node }) => node.start))].sort((a, b) => a - b);

/** Calls made while loading, whose result a variable takes. */
function loadingCalls(found) {
  const declarations = found.filter(({ node, loading }) => loading && node.type === 'VariableDeclaration');
  const declared = ({ node }) => declarations.some(({ node: { start, end } }) => start < node.start && node.end <= end);
  return found.filter((item) => item.loading && /^(Call|New)Expression$/.test(item.node.type) && declared(item));
}

/**
 * Minified code as people and bundlers can take it. Hosts print the line of an error that nobody catches, so that
 * lines are short but for the kernels' text, which stands in a function that does not throw. And minifiers drop the
 * comments that tell bundlers which calls can go with their result: here all that are made while loading can, as
 * package.json says.
 */
export const lines = {
  name: 'lines',
  renderChunk(code) {
    const text = new MagicString(code);
    const program = parseAst(code);
    const found = [...inside(program)];
    const places = found.filter(mayStart);
    const calls = startsOf(loadingCalls(found));
    for (const start of calls) text.appendLeft(start, COMMENT);
    const ended = [...new Set(free(code, program))].sort((a, b) => a - b);
    for (const start of ended) text.overwrite(start - 1, start, '\n');
    const begun = [0, ...ended];
    for (const [i, line] of begun.entries()) {
      const [, ...starts] = breaks(places, line, begun[i + 1] ?? code.length, calls);
      for (const start of starts) text.prependLeft(start, '\n');
    }
    return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
  },
};
