import { get } from '../api.js';
import { h, put } from '../dom.js';
import { labelled, state, table } from '../parts.js';
import { moment, number, t } from '../text.js';

const LOOKED_AT = 200;

/** Finds a conversation by its key, or among those of the newest tasks. */
export async function show(root, { signal }) {
  const field = h('input', { required: true, maxlength: 200, spellcheck: 'false' });
  const open = (e) => {
    e.preventDefault();
    location.hash = `#/conversations/${encodeURIComponent(field.value)}`;
  };
  const { items } = await get(`/tasks?limit=${LOOKED_AT}`, signal);
  const newest = new Map();
  for (const task of items.filter((i) => i.conversation)) {
    const known = newest.get(task.conversation) ?? { task, turns: 0 };
    newest.set(task.conversation, { ...known, turns: known.turns + 1 });
  }
  const rows = [...newest.values()].map(({ task, turns }) =>
    h(
      'tr',
      {},
      h('td', { class: 'models' }, h('a', { href: `#/conversations/${encodeURIComponent(task.conversation)}` }, task.conversation)),
      h('td', { class: 'figure' }, number(turns)),
      h('td', { class: 'time' }, moment(task.createdAt)),
      h('td', {}, state(task.state)),
    ),
  );
  put(
    root,
    h('div', { class: 'head' }, h('h1', {}, t('page.conversations'))),
    h('form', { class: 'filters', role: 'search', onsubmit: open }, labelled(t('conversation'), field), h('button', { type: 'submit' }, t('show'))),
    rows.length
      ? h('section', {}, h('h2', {}, t('lately', { n: number(LOOKED_AT) })), table(t('page.conversations'), ['conversation', '#turns', 'last-turn', 'state'], h('tbody', {}, rows)))
      : h('p', { class: 'empty' }, t('no-conversations')),
  );
}
