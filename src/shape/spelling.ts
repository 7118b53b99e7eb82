/**
 * What other libraries call our options, where the letters are too different for `likelyName` to see it; written
 * without case, `_` and `-`.
 */
const foreignNames: Readonly<Record<string, string>> = {
  dilation: 'dilationrate rate atrous',
  kernelSize: 'kernelshape ksize poolsize',
  layout: 'dataformat',
  outputSize: 'outputshape',
  padding: 'pads autopad',
  paddingMode: 'padmode',
  p: 'norm normtype',
  stride: 'subsample',
  transposeA: 'transa',
  transposeB: 'transb',
  weightLayout: 'filterlayout kernellayout',
};

/** The known name that `name` most likely stands for: another library's word for it, or the nearest spelling. */
export function likelyName(name: string, known: readonly string[]): string | undefined {
  const plain = simplify(name);
  const foreign = known.find((candidate) => foreignNames[candidate]?.split(' ').includes(plain));
  if (foreign !== undefined) return foreign;
  // A third of the letters may be wrong: `dilaton`, `fliped_kernel`; beyond that a guess misleads.
  let nearest = Math.floor(plain.length / 3) + 1;
  let found: string | undefined;
  for (const candidate of known) {
    const other = simplify(candidate);
    const shortened = plain.length >= 3 && other.startsWith(plain);
    const distance = shortened ? 0 : editDistance(plain, other);
    if (distance < nearest) {
      nearest = distance;
      found = candidate;
    }
  }
  return found;
}

// Option names are short; a longer key is none of them, and cutting it bounds the table of the distance.
function simplify(name: string): string {
  return name.slice(0, 40).toLowerCase().replace(/[_-]/g, '');
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = table[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      table[i][j] = Math.min(table[i - 1][j] + 1, table[i][j - 1] + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
      }
    }
  }
  return table[a.length][b.length];
}
