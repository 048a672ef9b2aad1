import { get, withQuery } from '../api.js';
import { every, h, put } from '../dom.js';
import { choice, labelled, problem, state, table } from '../parts.js';
import { moment, number, t } from '../text.js';

/** Lists conversations, those with the latest turn first, and opens one by its key. */
export async function show(root, { signal, query }) {
  const rows = h('tbody');
  const notice = h('div', { role: 'status' });
  const pages = h('nav', { class: 'pages', 'aria-label': t('pages') });
  const halted = query.get('halted') ?? '';
  put(root, h('div', { class: 'head' }, h('h1', {}, t('page.conversations'))), filters(halted), notice, table(t('page.conversations'), ['conversation', '#turns', '#unfinished', 'updated', 'state'], rows), pages);
  let seen = '';
  await every(4000, signal, async () => {
    try {
      const page = await get(withQuery('/conversations', { halted, after: query.get('after'), limit: 25 }), signal);
      const now = JSON.stringify(page);
      if (now !== seen && !rows.contains(document.activeElement)) {
        seen = now;
        put(rows, page.items.map(row));
        put(pages, query.get('after') && h('a', { href: withQuery('#/conversations', { halted }) }, t('newest')), page.next && h('a', { href: withQuery('#/conversations', { halted, after: page.next }) }, t('older')));
        put(notice, page.items.length === 0 && h('p', { class: 'empty' }, t('no-conversations')));
      }
    } catch (e) {
      signal.aborted || put(notice, problem(e));
    }
  });
}

function filters(halted) {
  const key = h('input', { name: 'conversation', maxlength: 200, spellcheck: 'false' });
  const which = choice({ name: 'halted' }, [['', t('any')], ['true', t('state.halted')], ['false', t('not-halted')]], halted);
  const search = (e) => {
    e.preventDefault();
    location.hash = key.value ? to(key.value) : withQuery('#/conversations', { halted: which.value });
  };
  return h(
    'form',
    { class: 'filters', role: 'search', onsubmit: search, onchange: (e) => e.target === which && search(e) },
    labelled(t('conversation'), key),
    labelled(t('state'), which),
    h('button', { type: 'submit' }, t('show')),
  );
}

const to = (key) => `#/conversations/${encodeURIComponent(key)}`;

function row(talk) {
  return h(
    'tr',
    {},
    h('td', { class: 'models' }, h('a', { href: to(talk.conversation) }, talk.conversation)),
    h('td', { class: 'figure' }, number(talk.turns)),
    h('td', { class: 'figure' }, number(talk.unfinished)),
    h('td', { class: 'time' }, moment(talk.updatedAt)),
    h('td', {}, state(talk.state)),
  );
}
