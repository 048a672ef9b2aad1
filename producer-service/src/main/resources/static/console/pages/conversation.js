import { get, withQuery } from '../api.js';
import { h, put } from '../dom.js';
import { action, facts, plainText, pretty, problem, state } from '../parts.js';
import { moment, number, t } from '../text.js';

const TURNS = 10;

/** Shows a conversation as what was said, the newest turns at the end. */
export async function show(root, { signal, parts: [key] }) {
  const notice = h('div');
  // As a parameter a key may have any characters, in a path it may not.
  const [talks, page] = await Promise.all([get(withQuery('/conversations', { conversation: key }), signal), get(withQuery('/tasks', { conversation: key, limit: TURNS }), signal)]);
  const talk = talks.items[0];
  const again = () => show(root, { signal, parts: [key] });
  put(
    root,
    h(
      'div',
      { class: 'head' },
      h('div', { class: 'title' }, h('h1', {}, key), talk && state(talk.state)),
      talk?.state === 'halted' && action('resume', withQuery('/conversations/resume', { conversation: key }), undefined, again, (e) => put(notice, problem(e))),
    ),
    notice,
    !talk && page.items.length === 0 && h('p', { class: 'empty' }, t('no-conversation')),
    talk && facts([
      ['turns', number(talk.turns)],
      ['unfinished', number(talk.unfinished)],
      ['halted-by', talk.haltedBy && h('a', { class: 'id', href: `#/tasks/${talk.haltedBy}` }, talk.haltedBy), 'wide'],
      ['updated', moment(talk.updatedAt)],
    ]),
    page.next && h('a', { href: withQuery('#/tasks', { conversation: key }) }, t('all-turns')),
    h('ol', { class: 'turns' }, await Promise.all(page.items.reverse().map((task) => turn(task, signal)))),
  );
}

async function turn(task, signal) {
  const [asked, now] = await Promise.all([get(`/tasks/${task.id}/input`, signal).catch(() => null), get(`/tasks/${task.id}`, signal)]);
  const said = now.failure ? `${now.failure.code}: ${now.failure.message}` : readable(now.result?.output);
  return h(
    'li',
    {},
    h('div', { class: 'turn-head' }, h('a', { href: `#/tasks/${task.id}` }, task.type), state(now.state), h('span', { class: 'time' }, moment(task.createdAt))),
    h('div', { class: 'asked' }, asked ? readable(asked.input) : t('content-gone')),
    said && h('div', { class: 'said' }, said),
  );
}

const readable = (value) => (value === undefined || value === null ? '' : plainText(value) ?? pretty(value));
