import { get, withQuery } from '../api.js';
import { every, h, put } from '../dom.js';
import { choice, labelled, problem, state, table } from '../parts.js';
import { between, moment, span, t, word } from '../text.js';

const STATES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'];

/** Lists the runs of pipelines, newest first. */
export async function show(root, { signal, query }) {
  const rows = h('tbody');
  const notice = h('div');
  const pages = h('nav', { class: 'pages', 'aria-label': t('pages') });
  const told = (name) => query.get(name) ?? '';
  const fields = {
    pipeline: h('input', { value: told('pipeline'), spellcheck: 'false' }),
    state: choice({}, [['', t('any')], ...STATES.map((s) => [s, word('state', s)])], told('state')),
  };
  const search = (e) => {
    e.preventDefault();
    location.hash = withQuery('#/runs', { pipeline: fields.pipeline.value.trim(), state: fields.state.value });
  };
  put(
    root,
    h('div', { class: 'head' }, h('h1', {}, t('page.runs'))),
    h('form', { class: 'filters', role: 'search', onsubmit: search }, labelled(t('pipeline'), fields.pipeline), labelled(t('state'), fields.state), h('button', { type: 'submit' }, t('search'))),
    notice,
    table(t('page.runs'), ['accepted', 'id', 'pipeline', 'state', '#time'], rows),
    pages,
  );
  await every(4000, signal, async () => {
    try {
      const page = await get(withQuery('/runs', { pipeline: told('pipeline'), state: told('state'), after: told('after'), limit: 25 }), signal);
      if (!rows.contains(document.activeElement)) {
        put(rows, page.items.map(row));
      }
      put(notice, page.items.length === 0 && h('p', { class: 'empty' }, t('no-runs')));
      put(pages, page.next && h('a', { href: withQuery('#/runs', { ...Object.fromEntries(query), after: page.next }) }, t('older')));
    } catch (e) {
      signal.aborted || put(notice, problem(e));
    }
  });
}

function row(run) {
  return h(
    'tr',
    {},
    h('td', { class: 'time' }, moment(run.createdAt)),
    h('td', {}, h('a', { class: 'id', href: `#/runs/${run.id}` }, run.id)),
    h('td', {}, `${run.pipeline} `, h('span', { class: 'hint' }, t('version', { n: run.version }))),
    h('td', {}, state(run.state), run.failure && h('span', { class: 'hint' }, ` ${run.failure.code}`)),
    h('td', { class: 'figure' }, run.finishedAt ? span(between(run.createdAt, run.finishedAt)) : '–'),
  );
}
