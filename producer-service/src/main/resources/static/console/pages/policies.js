import { call, get, post } from '../api.js';
import { h, put } from '../dom.js';
import { choice, labelled, problem, table } from '../parts.js';
import { moment, number, t } from '../text.js';

/** Codes that another try may help against. */
const CODES = ['BACKEND_UNAVAILABLE', 'BACKEND_ERROR', 'RATE_LIMITED', 'CALL_TIMEOUT', 'OUTPUT_INVALID', 'NO_WORKER', 'BACKEND_UNAUTHORIZED', 'UNKNOWN_TARGET', 'UNSUPPORTED', 'INTERNAL'];

/** Shows and changes which letters are replayed without a person. */
export async function show(root, { signal }) {
  const notice = h('div');
  const failed = (e) => put(notice, problem(e));
  const rows = h('tbody');
  const empty = h('div');
  const refresh = async () => {
    const policies = await get('/dead-letters/policies', signal);
    put(rows, policies.map((policy) => row(policy, refresh, failed)));
    put(empty, policies.length === 0 && h('p', { class: 'empty' }, t('no-policies')));
    put(notice);
  };
  await refresh();
  put(
    root,
    h('div', { class: 'head' }, h('h1', {}, t('policies')), h('a', { href: '#/dead-letters' }, t('page.dead-letters'))),
    h('p', { class: 'hint' }, t('about-policies')),
    notice,
    empty,
    table(t('policies'), ['since', 'code', 'type', 'target', 'when', 'delay', '#max-replays', '#per-second', '#replayed', ''], rows),
    form(refresh, failed),
  );
}

function row(policy, refresh, failed) {
  const remove = h('button', { type: 'button' }, t('remove'));
  remove.addEventListener('click', () => call('DELETE', `/dead-letters/policies/${policy.id}`).then(refresh).catch(failed));
  return h(
    'tr',
    {},
    h('td', { class: 'time' }, moment(policy.createdAt)),
    h('td', {}, policy.code),
    h('td', {}, policy.type ?? '–'),
    h('td', {}, policy.target ?? '–'),
    h('td', {}, t(`when.${policy.when === 'DELAY' ? 'delay' : 'breaker-closed'}`)),
    h('td', {}, policy.delay),
    h('td', { class: 'figure' }, number(policy.maxReplays)),
    h('td', { class: 'figure' }, number(policy.perSecond, 2)),
    h('td', { class: 'figure' }, number(policy.replayed)),
    h('td', {}, remove),
  );
}

function form(refresh, failed) {
  const when = choice({ name: 'when' }, ['breaker-closed', 'delay'].map((w) => [w, t(`when.${w}`)]), 'breaker-closed');
  const fields = {
    code: choice({ name: 'code' }, CODES.map((c) => [c, c]), CODES[0]),
    type: h('input', { name: 'type', spellcheck: 'false', placeholder: t('any') }),
    target: h('input', { name: 'target', spellcheck: 'false', placeholder: t('any') }),
    minutes: h('input', { name: 'minutes', type: 'number', min: '0', max: '7200', step: '1', value: '0', required: true }),
    'max-replays': h('input', { name: 'max-replays', type: 'number', min: '1', max: '10', value: '3', required: true }),
    'per-second': h('input', { name: 'per-second', type: 'number', min: '0.01', max: '1000', step: 'any', value: '10', required: true }),
  };
  const add = async (e) => {
    e.preventDefault();
    try {
      await post('/dead-letters/policies', {
        code: fields.code.value,
        when: when.value,
        delay: `PT${fields.minutes.value}M`,
        maxReplays: Number(fields['max-replays'].value),
        perSecond: Number(fields['per-second'].value),
        ...(fields.type.value.trim() && { type: fields.type.value.trim() }),
        ...(fields.target.value.trim() && { target: fields.target.value.trim() }),
      });
      await refresh();
    } catch (refused) {
      failed(refused);
    }
  };
  return h(
    'form',
    { class: 'submit', onsubmit: add },
    h(
      'fieldset',
      { class: 'grid' },
      h('legend', {}, t('add-policy')),
      labelled(t('when'), when),
      Object.entries(fields).map(([name, field]) => labelled(t(name), field)),
    ),
    h('div', { class: 'actions' }, h('button', { type: 'submit' }, t('add'))),
  );
}
