import { post } from './api.js';
import { h, put } from './dom.js';
import { action, labelled, state, table } from './parts.js';
import { moment, number, t, word } from './text.js';

/** What letters are grouped and filtered by, as the API names it. */
export const SAME = ['code', 'reason', 'type', 'backend', 'source', 'target', 'shape'];

/** What else of a filter is in the address. */
export const OTHERS = ['state', 'task', 'job'];

/** Those names that have a value, as an object. */
export const chosen = (query, names) => Object.fromEntries(names.map((name) => [name, query.get(name)]).filter(([, v]) => v));

/**
 * Forms that decide about all letters of a filter at once; the state is left out of it, since open ones are taken.
 *
 * @param begun called with the job
 */
export function decisions(filter, begun, failed) {
  const { state: unused, ...same } = filter;
  const rate = h('input', { type: 'number', name: 'rate', min: '0.01', max: '1000', step: 'any', value: '50', required: true });
  const reason = h('input', { name: 'reason', required: true, maxlength: 500 });
  const send = (kind, more) => async (e) => {
    e.preventDefault();
    const button = e.target.querySelector('button');
    button.disabled = true;
    try {
      await begun(await post('/dead-letters/jobs', { kind, filter: same, ...more() }));
    } catch (refused) {
      failed(refused);
    } finally {
      button.disabled = false;
    }
  };
  return h(
    'div',
    { class: 'columns even' },
    h(
      'form',
      { class: 'inline', onsubmit: send('replay', () => ({ perSecond: Number(rate.value) })) },
      labelled(t('per-second'), rate),
      h('button', {}, t('replay-all')),
    ),
    h(
      'form',
      { class: 'inline', onsubmit: send('discard', () => ({ reason: reason.value, perSecond: 500 })) },
      labelled(t('reason'), reason),
      h('button', {}, t('discard-all')),
    ),
  );
}

/** The jobs as rows with their progress; who is on a button of one by keyboard stays there. */
export function jobTable(changed, failed) {
  const rows = h('tbody');
  const known = new Map();
  return {
    element: table(t('jobs'), ['began', 'what', 'filter', '#per-second', 'progress', '#done', '#skipped', '#failed-n', 'state', ''], rows),
    draw: (jobs) => {
      const current = jobs.map((job) => known.get(job.id) ?? jobRow(job, changed, failed));
      known.clear();
      jobs.forEach((job, i) => {
        known.set(job.id, current[i]);
        current[i].update(job);
      });
      const elements = current.map((row) => row.element);
      if (elements.length !== rows.children.length || elements.some((e, i) => e !== rows.children[i])) {
        put(rows, elements);
      }
    },
  };
}

function jobRow(job, changed, failed) {
  const bar = h('progress', { max: Math.max(1, job.total), value: 0, 'aria-label': t('progress') });
  const cells = { done: figure(), skipped: figure(), failed: figure() };
  const what = h('td');
  const button = h('td', {}, action('cancel', `/dead-letters/jobs/${job.id}/cancel`, undefined, changed, failed));
  const filter = Object.entries(job.filter).map(([name, value]) => `${t(name)}: ${value || '–'}`).join(' · ');
  const element = h(
    'tr',
    {},
    h('td', { class: 'time' }, moment(job.createdAt)),
    h('td', {}, word('job', job.kind), job.policy && h('span', { class: 'hint' }, ` ${t('by-policy')}`)),
    h('td', { class: 'message' }, h('a', { href: `#/dead-letters?job=${job.id}` }, filter || t('all-open'))),
    h('td', { class: 'figure' }, number(job.perSecond, 2)),
    h('td', {}, bar),
    Object.values(cells),
    what,
    button,
  );
  const update = (now) => {
    const over = now.state !== 'RUNNING';
    const at = now.done + now.skipped + now.failed;
    bar.setAttribute('value', now.total === 0 ? 1 : at);
    cells.done.textContent = `${number(now.done)}/${number(now.total)}`;
    cells.skipped.textContent = number(now.skipped);
    cells.failed.textContent = number(now.failed);
    put(what, state(now.state), now.problem && h('span', { class: 'hint' }, ` ${now.problem}`));
    button.hidden = over;
  };
  return { element, update };
}

const figure = () => h('td', { class: 'figure' });
