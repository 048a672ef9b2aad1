import { download, get, withQuery } from '../api.js';
import { every, h, put } from '../dom.js';
import { chosen, decisions, jobTable, OTHERS, SAME } from '../letters.js';
import { choice, labelled, problem, state, table } from '../parts.js';
import { moment, number, t, word } from '../text.js';

const STATES = ['OPEN', 'REPLAYED', 'DISCARDED'];
const JOBS = 5;

/**
 * Shows what failed for good: in groups, one by one, and what is being done about many of them. The filter is in the
 * address; an administrator's key is shown the letters of all tenants by the API.
 */
export async function show(root, { signal, query }) {
  const filter = { ...chosen(query, [...SAME, ...OTHERS]), state: query.get('state') ?? (query.get('task') || query.get('job') ? '' : 'OPEN') };
  const by = query.get('by') ?? 'code';
  const notice = h('div', { role: 'status' });
  const failed = (e) => signal.aborted || put(notice, problem(e));
  const views = [groupsOf(filter, by, signal), jobsOf(signal, failed), lettersOf(filter, query, signal)];
  const [groups, jobs, letters] = views;
  put(
    root,
    h(
      'div',
      { class: 'head' },
      h('h1', {}, t('page.dead-letters')),
      h('div', { class: 'actions' }, h('a', { href: '#/dead-letters/policies' }, t('policies')), exportButton(filter, failed)),
    ),
    filters(filter, by),
    notice,
    h('section', {}, h('h2', {}, t('groups')), groups.element),
    h('section', {}, h('h2', {}, t('about-all')), decisions(filter, jobs.refresh, failed)),
    jobs.element,
    h('section', {}, h('h2', {}, t('letters')), letters.element),
  );
  const refresh = (view) => view.refresh().then(() => put(notice), failed);
  every(700, signal, () => jobs.refresh().catch(failed));
  await every(5000, signal, () => Promise.all([refresh(groups), refresh(letters)]));
}

function address(filter, by, more = {}) {
  const all = new URLSearchParams();
  // An empty state means any, and has to be said: the page's own default is open ones.
  for (const [name, value] of Object.entries({ ...filter, by, ...more })) {
    if (value || name === 'state') {
      all.set(name, value);
    }
  }
  return `#/dead-letters?${all}`;
}

function filters(filter, by) {
  const fields = {
    state: choice({ name: 'state' }, [['', t('any')], ...STATES.map((s) => [s, word('state', s)])], filter.state),
    ...Object.fromEntries(SAME.map((name) => [name, h('input', { name, value: filter[name] ?? '', spellcheck: 'false' })])),
    by: choice({ name: 'by' }, SAME.map((name) => [name, t(name)]), by),
  };
  const search = (e) => {
    e.preventDefault();
    const values = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value.trim()]));
    location.hash = address(values, values.by);
  };
  return h(
    'form',
    { class: 'filters', role: 'search', onsubmit: search, onchange: (e) => e.target.tagName === 'SELECT' && search(e) },
    Object.entries(fields).map(([name, field]) => labelled(t(name === 'by' ? 'group-by' : name), field)),
    h('button', { type: 'submit' }, t('search')),
  );
}

/** Redraws only where something changed and nobody is in it by keyboard. */
function redrawn(body, draw) {
  let seen = '';
  return (items) => {
    const now = JSON.stringify(items);
    if (now !== seen && !body.contains(document.activeElement)) {
      seen = now;
      put(body, items.map(draw));
    }
  };
}

function groupsOf(filter, by, signal) {
  const rows = h('tbody');
  const draw = redrawn(rows, (group) =>
    h(
      'tr',
      {},
      h('td', { class: 'message' }, group.value ? h('a', { href: address(filter, by, { [by]: group.value }) }, group.value) : '–'),
      h('td', { class: 'figure' }, number(group.letters)),
      h('td', { class: 'time' }, moment(group.first)),
      h('td', { class: 'time' }, moment(group.last)),
    ),
  );
  return {
    element: table(t('groups'), [by, '#letters', 'first-failed-at', 'last-failed-at'], rows),
    refresh: async () => draw(await get(withQuery('/dead-letters/groups', { ...filter, by }), signal)),
  };
}

function jobsOf(signal, failed) {
  const section = h('section', { hidden: true });
  const refresh = async () => {
    const page = await get(`/dead-letters/jobs?limit=${JOBS}`, signal);
    section.hidden = page.items.length === 0;
    jobs.draw(page.items);
  };
  const jobs = jobTable(() => refresh().catch(failed), failed);
  put(section, h('h2', {}, t('jobs')), jobs.element);
  return { element: section, refresh };
}

function lettersOf(filter, query, signal) {
  const rows = h('tbody');
  const empty = h('div');
  const pages = h('nav', { class: 'pages', 'aria-label': t('pages') });
  const draw = redrawn(rows, row);
  return {
    element: [empty, table(t('page.dead-letters'), ['failed-at', 'id', 'type', 'code', 'message', '#attempts', 'state'], rows), pages],
    refresh: async () => {
      const page = await get(withQuery('/dead-letters', { ...filter, after: query.get('after'), limit: 25 }), signal);
      draw(page.items);
      put(empty, page.items.length === 0 && h('p', { class: 'empty' }, t('no-letters')));
      put(pages, page.next && h('a', { href: address(filter, query.get('by'), { after: page.next }) }, t('older')));
    },
  };
}

function exportButton(filter, failed) {
  const button = h('button', { type: 'button' }, t('export'));
  button.addEventListener('click', () => download(withQuery('/dead-letters/export', filter), 'dead-letters.ndjson').catch(failed));
  return button;
}

function row(letter) {
  return h(
    'tr',
    {},
    h('td', { class: 'time' }, moment(letter.lastFailedAt)),
    h('td', {}, h('a', { class: 'id', href: `#/dead-letters/${letter.id}` }, letter.id)),
    h('td', {}, letter.type ?? '–'),
    h('td', {}, letter.code),
    h('td', { class: 'message' }, letter.message),
    h('td', { class: 'figure' }, number(letter.attempts)),
    h('td', {}, state(letter.state)),
  );
}
