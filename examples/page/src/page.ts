import { h } from './dom.js';
import { explorer } from './explorer/explorer.js';
import type { Remember, Tab } from './tab.js';

type Name = 'explorer' | 'picture' | 'bench';

/** Views that are not the first are loaded when somebody looks at them. */
const tabs: Readonly<Record<Name, (remember: Remember) => Promise<Tab> | Tab>> = {
  explorer,
  picture: async (remember) => (await import('./picture/picture.js')).picture(remember),
  bench: async (remember) => (await import('./bench/bench.js')).bench(remember),
};

/** Milliseconds before an address is written: browsers refuse more than a few changes a second. */
const PAUSE = 150;

const main = document.querySelector('main')!;
const opened = new Map<Name, Tab>();
let current: Name | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The address of what is shown, while it is not written yet. */
let pending: string | undefined;

const nameOf = (query: URLSearchParams): Name => {
  const name = query.get('tab') ?? 'explorer';
  return Object.hasOwn(tabs, name) ? (name as Name) : 'explorer';
};

const addressOf = (name: Name, query: URLSearchParams) => {
  const all = new URLSearchParams(name === 'explorer' ? {} : { tab: name });
  for (const [key, value] of query) all.set(key, value);
  return `?${all}`;
};

const linkOf = (name: Name) => document.querySelector<HTMLAnchorElement>(`[data-tab=${name}]`)!;

function write(): void {
  clearTimeout(timer);
  if (pending !== undefined) history.replaceState(null, '', pending);
  pending = undefined;
}

/** The link to a view leads back to what it showed last. */
function rememberFor(name: Name, changed: URLSearchParams): void {
  linkOf(name).href = addressOf(name, changed);
  if (current !== name) return;
  pending = addressOf(name, changed);
  clearTimeout(timer);
  timer = setTimeout(write, PAUSE);
}

async function show(): Promise<void> {
  const query = new URLSearchParams(location.search);
  const name = nameOf(query);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-tab]')) {
    if (link.dataset.tab === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (current !== undefined && current !== name) opened.get(current)?.leave();
  current = name;
  if (!opened.has(name)) {
    main.setAttribute('aria-busy', 'true');
    opened.set(name, await tabs[name]((changed) => rememberFor(name, changed)));
    main.removeAttribute('aria-busy');
  }
  if (current !== name) return;
  const tab = opened.get(name)!;
  main.replaceChildren(tab.element);
  tab.show(query);
}

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="?"]') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  write();
  history.pushState(null, '', link.href);
  show().catch(fail);
});
addEventListener('popstate', () => {
  clearTimeout(timer);
  pending = undefined;
  show().catch(fail);
});

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  main.replaceChildren(h('p', { class: 'trouble', role: 'alert' }, `This browser cannot run the page: ${message}`));
}

show().catch(fail);
