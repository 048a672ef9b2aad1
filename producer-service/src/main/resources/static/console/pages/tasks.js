import { get, withQuery } from '../api.js';
import { every, h, put } from '../dom.js';
import { choice, FINAL, labelled, problem, state, table } from '../parts.js';
import { between, moment, span, t, word } from '../text.js';

const STATES = ['ACCEPTED', 'QUEUED', 'ROUTED', 'RUNNING', 'RETRYING', ...FINAL];
const FILTERS = ['state', 'type', 'target', 'conversation', 'batch'];
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Lists tasks, newest first; the filter and the page are in the address, so that they can be kept and sent. */
export async function show(root, { signal, query }) {
  const types = await get('/types', signal);
  const rows = h('tbody');
  const pages = h('nav', { class: 'pages', 'aria-label': t('pages') });
  const notice = h('div', { role: 'status' });
  put(
    root,
    h('div', { class: 'head' }, h('h1', {}, t('page.tasks')), h('a', { class: 'button', href: '#/tasks/new' }, t('new-task'))),
    filters(query, types),
    notice,
    table(t('page.tasks'), ['accepted', 'id', 'type', 'target', 'priority', 'state', 'model', '#time'], rows),
    pages,
  );
  let seen = '';
  await every(3000, signal, async () => {
    try {
      const parameters = Object.fromEntries([...FILTERS, 'after'].map((name) => [name, query.get(name)]));
      const page = await get(withQuery('/tasks', { ...parameters, limit: 25 }), signal);
      const now = JSON.stringify(page);
      if (now !== seen) {
        seen = now;
        draw(rows, page.items);
        drawPages(pages, query, page.next);
        put(notice, page.items.length === 0 && h('p', { class: 'empty' }, t('no-tasks')));
      }
    } catch (e) {
      if (!signal.aborted) {
        put(notice, problem(e));
      }
    }
  });
}

function filters(query, types) {
  const value = (name) => query.get(name) ?? '';
  const any = ['', t('any')];
  const fields = {
    state: choice({ name: 'state' }, [any, ...STATES.map((s) => [s, word('state', s)])], value('state')),
    type: choice({ name: 'type' }, [any, ...types.map((type) => [type.name, type.name])], value('type')),
    target: h('input', { name: 'target', value: value('target'), spellcheck: 'false' }),
    conversation: h('input', { name: 'conversation', value: value('conversation'), spellcheck: 'false' }),
    batch: h('input', { name: 'batch', value: value('batch'), spellcheck: 'false' }),
    id: h('input', { name: 'id', placeholder: t('id-of-task'), spellcheck: 'false' }),
  };
  const search = (e) => {
    e.preventDefault();
    const id = fields.id.value.trim();
    const set = FILTERS.map((name) => [name, fields[name].value.trim()]).filter(([, v]) => v);
    location.hash = ID.test(id) ? `#/tasks/${id}` : withQuery('#/tasks', Object.fromEntries(set));
  };
  return h(
    'form',
    { class: 'filters', role: 'search', onsubmit: search, onchange: (e) => e.target.tagName === 'SELECT' && search(e) },
    Object.entries(fields).map(([name, field]) => labelled(t(name), field)),
    h('button', { type: 'submit' }, t('search')),
  );
}

/** Keeps the focus on the task that it was on. */
function draw(rows, tasks) {
  const focused = rows.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  put(rows, tasks.map(row));
  if (focused) {
    rows.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }
}

function row(task) {
  const end = task.times.finishedAt;
  return h(
    'tr',
    {},
    h('td', { class: 'time' }, moment(task.createdAt)),
    h('td', {}, h('a', { href: `#/tasks/${task.id}`, class: 'id' }, task.id)),
    h('td', {}, task.type),
    h('td', {}, task.target),
    h('td', {}, word('priority', task.priority)),
    h('td', {}, state(task.state), task.failure && h('span', { class: 'hint' }, ` ${task.failure.code}`)),
    h('td', {}, task.route?.model ?? task.route?.pool ?? '–'),
    h('td', { class: 'figure' }, end ? span(between(task.createdAt, end)) : '–'),
  );
}

function drawPages(pages, query, next) {
  const to = (after) => {
    const all = Object.fromEntries(query);
    delete all.after;
    return withQuery('#/tasks', { ...all, after });
  };
  put(
    pages,
    query.get('after') && h('a', { href: to(null) }, t('newest')),
    next && h('a', { href: to(next) }, t('older')),
  );
}
