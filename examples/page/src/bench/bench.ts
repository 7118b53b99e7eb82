import { type Report, readReport } from '../../../../bench/report.js';
import { h } from '../dom.js';
import { count } from '../number.js';
import { ReportView } from '../report/view.js';
import { save } from '../save.js';
import type { Remember, Tab } from '../tab.js';
import { type Run, start } from './crew.js';
import { formOf } from './form.js';
import { timeLeft } from './left.js';
import { planOf } from './plan.js';
import { defaults, readState, type State, writeState } from './url.js';

export function bench(remember: Remember): Tab {
  let state: State = defaults;
  let run: Run | undefined;
  let report: Report | undefined;
  let compared: Report | undefined;

  const view = new ReportView();
  const status = h('p', { role: 'status', id: 'status' }, ' ');
  const now = h('span', { class: 'note', id: 'now' });
  const bar = h('progress', { 'aria-label': 'Progress', max: 1, value: 0 });
  const progress = h('div', { class: 'progress', hidden: true }, bar, now);
  const problem = h('p', { class: 'trouble', role: 'alert', hidden: true });
  const button = (id: string, text: string, action: () => void, style?: string) => {
    const element = h('button', { type: 'button', id, class: style }, text);
    element.addEventListener('click', action);
    return element;
  };
  const buttons = {
    run: button('run', 'Run', begin, 'main'),
    stop: button('stop', 'Stop', () => run?.stop()),
    json: button('save-json', 'Save as JSON', saveJson),
    png: button('save-png', 'Save as PNG', savePicture),
  };
  const file = h('input', { type: 'file', id: 'compare', accept: '.json,application/json', class: 'unseen' });
  file.addEventListener('change', () => {
    compare(file.files?.[0]);
    file.value = '';
  });

  const change = (part: Partial<State>) => {
    state = { ...state, ...part };
    show();
    remember(writeState(state));
  };

  const form = formOf(() => state, change);

  function show(): void {
    form.show();
    const problems = planOf(state).length;
    const ways = state.builds.length * state.tunes.length * state.threads.length;
    buttons.run.disabled = run !== undefined || problems * ways === 0;
    buttons.run.textContent = problems === 0 ? 'No problem matches' : `Run ${count(problems, 'problem')}`;
    buttons.stop.disabled = run === undefined;
    const isIdle = report === undefined || run !== undefined;
    buttons.json.disabled = isIdle;
    buttons.png.disabled = isIdle || report?.rows.length === 0;
  }

  const say = (error: unknown) => {
    problem.textContent = error instanceof Error ? error.message : String(error);
    problem.hidden = false;
  };

  async function begin(): Promise<void> {
    problem.hidden = true;
    progress.hidden = false;
    status.textContent = 'Running: leave this page in front, other work disturbs the times.';
    let shown = 0;
    const begun = performance.now();
    run = start(
      state,
      ({ done, total, now: what }, part) => {
        bar.max = total;
        bar.value = done;
        const left = timeLeft(done, total, performance.now() - begun);
        now.textContent = [`${done} of ${total}: ${what}`, left].filter(Boolean).join('; ');
        // plots are drawn while nothing is timed: between two problems
        if (part.rows.length > shown) {
          shown = part.rows.length;
          view.show(part, compared);
        }
      },
      (build, reason) => say(`The ${build} build does not run here: ${reason}`),
    );
    show();
    const { finished } = run;
    try {
      const { report: result, isStopped } = await finished;
      report = result;
      const failed = result.rows.filter(({ failure }) => failure !== undefined).length;
      const spoilt = result.rows.filter((row) => row.spoilt !== undefined).length;
      const counted = [
        count(result.rows.length, 'measurement'),
        failed > 0 && `${failed} failed`,
        spoilt > 0 && `${spoilt} spoilt by a busy machine`,
      ]
        .filter(Boolean)
        .join(', ');
      status.textContent = `${isStopped ? 'Stopped' : 'Done'}: ${counted}.`;
      if (result.rows.length > 0) view.show(result, compared);
    } catch (error) {
      say(error);
    } finally {
      run = undefined;
      progress.hidden = true;
      show();
    }
  }

  function saveJson(): void {
    save('stridewise-bench.json', new Blob([`${JSON.stringify(report, null, 2)}\n`], { type: 'application/json' }));
  }

  function savePicture(): void {
    view.toPicture().then((picture) => save('stridewise-bench.png', picture), say);
  }

  async function compare(chosen: File | undefined): Promise<void> {
    if (!chosen) return;
    problem.hidden = true;
    try {
      compared = readReport(await chosen.text());
      status.textContent = `${report ? 'Comparing with' : 'This is'} ${compared.machine}.`;
      view.show(report ?? compared, report && compared);
    } catch (error) {
      say(error);
    }
  }

  const element = h(
    'div',
    { class: 'bench' },
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'bench-title' },
      h('h2', { id: 'bench-title' }, 'Measure this machine'),
      h(
        'p',
        {},
        'Every result is first checked against the definition; then each problem is timed in turns with loops that show what the machine can do at most. Times that a busy machine spoilt are taken again.',
      ),
      form.element,
      h(
        'div',
        { class: 'actions' },
        buttons.run,
        buttons.stop,
        buttons.json,
        buttons.png,
        file,
        h('label', { for: 'compare', class: 'button' }, 'Compare with a JSON'),
      ),
      progress,
      status,
    ),
    problem,
    view.element,
  );

  return {
    element,
    show(query) {
      state = readState(query);
      show();
    },
    // a run goes on while another view is looked at
    leave() {},
  };
}
