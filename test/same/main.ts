import { readArguments } from '../../bench/arguments.js';
import { ensureRelaxedSimd } from '../../bench/machine.js';
import { openBuild } from '../../bench/open.js';
import { revision } from '../../bench/revision.js';
import { benchCalls, testCalls } from './calls.js';
import { compare, findings, outcome, Tally } from './compare.js';

const HELP = `npm run same -- [options] [REVISION]

Whether a change left every bit where it was: calls every operator, by every row of its table, in both layouts and both
builds, plain and through a handle, on the case lists of the tests and of the bench, with the package of a revision
(default: the last tag, or the last commit where there is none), built from git, and with the package as it stands.

  --filter REGEX   only calls whose build, function, row or case matches
  --help

Bits of the relaxed build may differ, and rows may appear. Ends with 1 where bits of the strict build differ, it chooses
another row, or it refuses what it served.`;

const options = { filter: { type: 'string' }, help: { type: 'boolean', default: false } } as const;

const builds = ['strict', 'relaxed'] as const;

async function main(): Promise<void> {
  const { values, positionals } = readArguments(options, {});
  if (values.help) return console.log(HELP);
  ensureRelaxedSimd();
  const { title, url } = revision(positionals[0]);
  console.log(`before: ${title}`);
  const pairs = await Promise.all(
    builds.map(async (build) => ({ build, before: await openBuild(build, url), after: await openBuild(build) })),
  );
  const pattern = new RegExp(values.filter ?? '', 'i');
  const tally = new Tally();
  const apis = [pairs[0].before, pairs[0].after];
  for (const calls of [testCalls(apis), benchCalls(apis)]) {
    for (const { group, title: text, run } of calls) {
      for (const { build, before, after } of pairs) {
        if (!pattern.test(`${build} ${group} ${text}`)) continue;
        const found = compare(
          outcome(() => run(before)),
          outcome(() => run(after)),
        );
        tally.add(`${build} ${group}`, text, found);
      }
    }
  }
  for (const line of tally.lines()) console.log(line);
  for (const build of builds) {
    const counts = findings.map((finding) => `${tally.count(build, finding)} ${finding}`);
    console.log(`${build}: ${tally.count(build)} cases, ${counts.join(', ')}`);
  }
  if (tally.count('') === 0) throw new Error(`no call matches ${values.filter}`);
  const failures = findings.filter((finding) => finding !== 'appeared');
  if (failures.some((finding) => tally.count('strict', finding) > 0)) process.exitCode = 1;
}

await main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
