import { get, post } from '../api.js';
import { h, put } from '../dom.js';
import { parse } from '../form.js';
import { action, facts, labelled, pretty, problem, state, table } from '../parts.js';
import { moment, number, t } from '../text.js';

/** Shows why something failed for good, and takes the decision about it. */
export async function show(root, { signal, parts: [id] }) {
  const draw = (letter) => drawLetter(root, letter, draw);
  draw(await get(`/dead-letters/${id}`, signal));
}

function drawLetter(root, letter, draw) {
  const notice = h('div');
  const failed = (e) => put(notice, problem(e));
  const open = letter.state === 'OPEN';
  const replay = open && letter.kind === 'TASK' && action('replay', `/dead-letters/${letter.id}/replay`, undefined, draw, failed);
  put(
    root,
    h('div', { class: 'head' }, h('div', { class: 'title' }, h('h1', {}, letter.code), state(letter.state)), h('div', { class: 'actions' }, replay)),
    notice,
    h('p', { class: 'detail' }, letter.message),
    facts([
      ['id', h('code', {}, letter.id), 'wide'],
      ['task', letter.taskId && h('a', { class: 'id', href: `#/tasks/${letter.taskId}` }, letter.taskId), 'wide'],
      ['tenant', letter.tenant],
      ['type', letter.type],
      ['source', letter.source],
      ['target', letter.target],
      ['backend', letter.model],
      ['shape', letter.shape, 'wide'],
      ['copy', letter.copy && h('a', { class: 'id', href: `#/tasks/${letter.copy}` }, letter.copy), 'wide'],
      ['job', letter.job && h('a', { class: 'id', href: `#/dead-letters?job=${letter.job}` }, letter.job), 'wide'],
      ['exception', letter.exceptionType],
      ['attempts', number(letter.attempts)],
      ['first-failed-at', moment(letter.firstFailedAt)],
      ['failed-at', moment(letter.lastFailedAt)],
      ['size', letter.size && number(letter.size)],
      ['decided-at', letter.decidedAt && moment(letter.decidedAt)],
      ['reason', letter.decisionReason],
    ]),
    letter.failures.length > 0 && failures(letter.failures),
    open && letter.kind === 'TASK' && editForm(letter, draw, failed),
    open && discardForm(letter, draw, failed),
  );
}

/** Asks for the task's texts only when somebody wants to edit them. */
function editForm(letter, draw, failed) {
  const target = h('input', { name: 'target', value: letter.target ?? '', list: 'targets', spellcheck: 'false' });
  const texts = Object.fromEntries(['input', 'parameters'].map((name) => [name, area(name)]));
  const before = {};
  const load = async (e) => {
    if (!e.target.open || before.input !== undefined) {
      return;
    }
    try {
      const asked = await get(`/dead-letters/${letter.id}/input`);
      for (const [name, field] of Object.entries(texts)) {
        before[name] = asked[name] ? pretty(asked[name]) : '';
        field.value = before[name];
      }
      put(targets, await names());
    } catch (refused) {
      failed(refused);
    }
  };
  const targets = h('datalist', { id: 'targets' });
  const send = async (e) => {
    e.preventDefault();
    try {
      const changes = target.value.trim() === (letter.target ?? '') ? {} : { target: target.value.trim() };
      for (const [name, field] of Object.entries(texts)) {
        if (field.value !== before[name]) {
          changes[name] = field.value.trim() === '' ? null : parse(name, field.value);
        }
      }
      draw(await post(`/dead-letters/${letter.id}/copy`, changes));
    } catch (refused) {
      failed(refused);
    }
  };
  return h(
    'details',
    { ontoggle: load },
    h('summary', {}, t('edit-copy')),
    h(
      'form',
      { class: 'submit edit', onsubmit: send },
      labelled(t('target'), target, t('about-target')),
      targets,
      labelled(t('input'), texts.input, t('as-json')),
      labelled(t('parameters'), texts.parameters, t('as-json')),
      h('div', { class: 'actions' }, h('button', {}, t('replay-copy'))),
    ),
  );
}

const area = (name) => h('textarea', { name, rows: name === 'input' ? 8 : 2, spellcheck: 'false', class: 'code' });

async function names() {
  const pools = await get('/pools');
  const all = new Set(['any', ...pools.flatMap((p) => [p.name, ...p.models])]);
  return [...all].map((name) => h('option', { value: name }));
}

function failures(all) {
  const rows = all.map((f) =>
    h('tr', {}, h('td', { class: 'time' }, moment(f.at, true)), h('td', { class: 'figure' }, number(f.attempt)), h('td', {}, f.code), h('td', { class: 'message' }, f.message), h('td', {}, f.worker), h('td', {}, f.model ?? '–')),
  );
  return h('section', {}, h('h2', {}, t('attempts')), table(t('attempts'), ['failed-at', '#attempt', 'code', 'message', 'worker', 'model'], h('tbody', {}, rows)));
}

function discardForm(letter, draw, failed) {
  const reason = h('input', { required: true, maxlength: 500 });
  const discard = async (e) => {
    e.preventDefault();
    try {
      draw(await post(`/dead-letters/${letter.id}/discard`, { reason: reason.value }));
    } catch (refused) {
      failed(refused);
    }
  };
  return h('form', { class: 'inline', onsubmit: discard }, labelled(t('reason'), reason), h('button', {}, t('discard')));
}
