import { get, post } from '../api.js';
import { h, put } from '../dom.js';
import { action, facts, labelled, problem, state, table } from '../parts.js';
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
      ['exception', letter.exceptionType],
      ['attempts', number(letter.attempts)],
      ['first-failed-at', moment(letter.firstFailedAt)],
      ['failed-at', moment(letter.lastFailedAt)],
      ['size', letter.size && number(letter.size)],
      ['decided-at', letter.decidedAt && moment(letter.decidedAt)],
      ['reason', letter.decisionReason],
    ]),
    letter.failures.length > 0 && failures(letter.failures),
    open && discardForm(letter, draw, failed),
  );
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
