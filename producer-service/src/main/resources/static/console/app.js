import { get, key, Refused } from './api.js';
import { h, put, say } from './dom.js';
import { LANGUAGES, language, speak, t } from './text.js';

/** Every page: its address after the #, and the module that shows it. */
const PAGES = [
  { name: 'live', path: /^\/live$/, load: () => import('./pages/live.js') },
  { name: 'tasks', path: /^\/tasks$/, load: () => import('./pages/tasks.js') },
  { name: 'tasks', path: /^\/tasks\/new$/, load: () => import('./pages/submit.js') },
  { name: 'tasks', path: /^\/tasks\/([^/]+)$/, load: () => import('./pages/task.js') },
  { name: 'runs', path: /^\/runs$/, load: () => import('./pages/runs.js') },
  { name: 'runs', path: /^\/runs\/([^/]+)$/, load: () => import('./pages/run.js') },
  { name: 'conversations', path: /^\/conversations$/, load: () => import('./pages/conversations.js') },
  { name: 'conversations', path: /^\/conversations\/([^/]+)$/, load: () => import('./pages/conversation.js') },
  { name: 'dead-letters', path: /^\/dead-letters$/, load: () => import('./pages/letters.js') },
  { name: 'dead-letters', path: /^\/dead-letters\/policies$/, load: () => import('./pages/policies.js') },
  { name: 'dead-letters', path: /^\/dead-letters\/([^/]+)$/, load: () => import('./pages/letter.js') },
  { name: 'capacity', path: /^\/capacity$/, load: () => import('./pages/capacity.js') },
  { name: 'usage', path: /^\/usage$/, load: () => import('./pages/usage.js') },
];
const IN_NAVIGATION = ['live', 'tasks', 'runs', 'conversations', 'dead-letters', 'capacity', 'usage'];

let leave = new AbortController();
let tenant = null;
const main = h('main', { id: 'content', tabindex: '-1' });
const header = h('header');
const who = h('span', { class: 'who' });

function address() {
  const [path, query = ''] = (location.hash.slice(1) || `/${IN_NAVIGATION[0]}`).split('?');
  return { path, query: new URLSearchParams(query) };
}

async function show() {
  leave.abort();
  leave = new AbortController();
  const signal = leave.signal;
  main.removeAttribute('data-shown');
  if (!key.get()) {
    showSignIn();
    return;
  }
  const { path, query } = address();
  const page = PAGES.find((p) => p.path.test(path)) ?? PAGES[0];
  drawHeader(page.name);
  const root = h('div', { class: 'page' });
  try {
    const { show } = await page.load();
    const parts = (page.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
    await show(root, { signal, query, parts });
  } catch (e) {
    if (signal.aborted) {
      return;
    }
    put(root, h('p', { class: 'problem', role: 'alert' }, e instanceof Refused ? e.message : t('unreachable')));
  }
  if (!signal.aborted) {
    turnTo(root);
    main.setAttribute('data-shown', location.hash);
  }
}

/** Who was in the old page by keyboard goes on from the head of the new one. */
function turnTo(root) {
  const reading = main.contains(document.activeElement);
  put(main, root);
  const head = root.querySelector('h1');
  document.title = head ? `${head.textContent} · LLM Fleet` : 'LLM Fleet';
  if (reading && head) {
    head.setAttribute('tabindex', '-1');
    head.focus({ preventScroll: true });
  }
}

function drawHeader(current) {
  who.setAttribute('title', t('tenant'));
  const links = IN_NAVIGATION.map((name) =>
    h('a', { href: `#/${name}`, 'aria-current': name === current ? 'page' : null }, t(`page.${name}`)),
  );
  put(
    header,
    h('a', { class: 'skip', href: '#content', onclick: skip }, t('skip')),
    h('span', { class: 'brand' }, 'LLM Fleet'),
    h('nav', { 'aria-label': t('navigation') }, links),
    languages(),
    key.get() && who,
    key.get() && h('button', { class: 'plain', type: 'button', onclick: signOut }, t('sign-out')),
  );
}

function skip(event) {
  event.preventDefault();
  main.focus();
}

function languages() {
  const options = Object.entries(LANGUAGES).map(([code, name]) =>
    h('option', { value: code, selected: code === document.documentElement.lang }, name),
  );
  const change = async (e) => {
    await speak(e.target.value, true);
    await show();
    header.querySelector('select').focus();
  };
  return h('select', { class: 'language', 'aria-label': t('language'), onchange: change }, options);
}

function signOut() {
  key.forget();
  tenant = null;
  say(who, '');
  show();
}

function showSignIn(problem) {
  put(header, h('span', { class: 'brand' }, 'LLM Fleet'), h('nav'), languages());
  const field = h('input', {
    id: 'key',
    type: 'password',
    autocomplete: 'off',
    required: true,
    spellcheck: 'false',
    'aria-describedby': 'about-key',
  });
  const enter = (e) => {
    e.preventDefault();
    signIn(field.value.trim());
  };
  const form = h(
    'form',
    { class: 'sign-in', onsubmit: enter },
    h('h1', {}, t('sign-in')),
    h('label', { for: 'key' }, t('api-key')),
    field,
    h('p', { id: 'about-key', class: 'hint' }, t('about-key')),
    problem && h('p', { class: 'problem', role: 'alert' }, problem),
    h('button', { type: 'submit' }, t('sign-in')),
  );
  put(main, form);
  document.title = `${t('sign-in')} · LLM Fleet`;
  field.focus();
}

async function signIn(value) {
  key.set(value);
  try {
    await learnTenant();
  } catch (e) {
    key.forget();
    showSignIn(e instanceof Refused && e.status === 401 ? t('wrong-key') : t('unreachable'));
    return;
  }
  await show();
}

/** The cheapest question whose answer says whose key it is. */
async function learnTenant() {
  const today = new Date().toISOString().slice(0, 10);
  tenant = (await get(`/usage?from=${today}&to=${today}&group=`)).tenant;
  say(who, tenant);
}

addEventListener('hashchange', show);
addEventListener('signed-out', () => {
  if (tenant !== null) {
    signOut();
  }
});

await speak(language());
put(document.body, header, main);
// The page does not wait for whose it is.
if (key.get()) {
  learnTenant().catch((e) => e instanceof Refused && e.status === 401 && signOut());
}
await show();
