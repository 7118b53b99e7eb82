import MagicString from 'magic-string';
import { parseAst } from 'rollup/parseAst';

/** Columns of a line, where the code has a place to break it. */
const [LEAST, MOST] = [60, 480];
/** The most with the comments that stand before calls. */
const COMMENTED = 480;
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
  ({ node }) => /^(For|If|Return|VariableDeclaration$)/.test(node.type),
  ({ key }) => key === 'body',
  () => true,
];

/** Statements of the program, and what each declares: such places resemble each other, so that breaks cost nothing. */
const statements = ({ body }) => body.flatMap((node) => [node, ...(node.declarations ?? []).slice(1)]);

/** Starts of the lines from `line` to `end`, none of which is longer than it must be. */
function breaks(places, line, end, calls) {
  const kinds = preferred.map((prefers) => startsOf(places.filter(prefers)));
  const all = kinds.at(-1);
  const starts = [line];
  while (end - line > MOST) {
    const from = line;
    const commented = (start) => calls.filter((call) => call >= from && call < start).length * COMMENT.length;
    const fits = (start) =>
      start >= from + LEAST && start <= from + MOST && start - from + commented(start) <= COMMENTED;
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
    const lines = statements(program).map(({ start }) => start);
    const starts = lines.flatMap((line, i) => breaks(places, line, lines[i + 1] ?? code.length, calls));
    for (const start of starts.slice(1)) text.prependLeft(start, '\n');
    return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
  },
};
