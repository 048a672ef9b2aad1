import { get, withQuery } from '../api.js';
import { every, h, put } from '../dom.js';
import { choice, labelled, problem, state, table } from '../parts.js';
import { moment, number, t, word } from '../text.js';

const STATES = ['OPEN', 'REPLAYED', 'DISCARDED'];

/** Lists what failed for good, newest first; an administrator's key is shown those of all tenants by the API. */
export async function show(root, { signal, query }) {
  const chosen = query.get('state') ?? 'OPEN';
  const rows = h('tbody');
  const notice = h('div');
  const pages = h('nav', { class: 'pages', 'aria-label': t('pages') });
  const filter = choice({}, [['', t('any')], ...STATES.map((s) => [s, word('state', s)])], chosen);
  filter.addEventListener('change', () => (location.hash = `#/dead-letters?state=${filter.value}`));
  put(
    root,
    h('div', { class: 'head' }, h('h1', {}, t('page.dead-letters'))),
    h('div', { class: 'filters' }, labelled(t('state'), filter)),
    notice,
    table(t('page.dead-letters'), ['failed-at', 'id', 'type', 'code', 'message', '#attempts', 'state'], rows),
    pages,
  );
  await every(5000, signal, async () => {
    try {
      const page = await get(withQuery('/dead-letters', { state: chosen, after: query.get('after'), limit: 25 }), signal);
      if (!rows.contains(document.activeElement)) {
        put(rows, page.items.map(row));
      }
      put(notice, page.items.length === 0 && h('p', { class: 'empty' }, t('no-letters')));
      // An empty state means any, and has to be said: the page's own default is open ones.
      put(pages, page.next && h('a', { href: `#/dead-letters?state=${chosen}&after=${page.next}` }, t('older')));
    } catch (e) {
      signal.aborted || put(notice, problem(e));
    }
  });
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
