import { follow, get, post } from '../api.js';
import { h, put } from '../dom.js';
import { parse } from '../form.js';
import { graph } from '../graph.js';
import { action, facts, labelled, pretty, problem, state, table } from '../parts.js';
import { between, moment, number, span, t, word } from '../text.js';

/** Shows a run as a graph and its steps as tasks, while it runs and after. */
export async function show(root, { signal, parts: [id] }) {
  const slots = { head: h('div', { class: 'head' }), notice: h('div'), facts: h('div'), graph: h('div', { class: 'scroll flow' }), inputs: h('div'), steps: h('tbody'), output: h('div', { class: 'columns even' }) };
  const failed = (e) => signal.aborted || put(slots.notice, problem(e));
  const draw = (run) => drawRun(run, slots, draw, failed);
  put(
    root,
    slots.head,
    slots.notice,
    slots.facts,
    slots.graph,
    slots.inputs,
    h('section', {}, h('h2', {}, t('steps')), table(t('steps'), ['step', 'state', '#time', 'tasks', 'failure'], slots.steps)),
    slots.output,
  );
  draw(await get(`/runs/${id}`, signal));
  let asked = null;
  follow(`/runs/${id}/events`, signal, (name, data) => {
    if (name === 'final') {
      clearTimeout(asked);
      draw(data);
      return true;
    }
    // Many steps may move at once: one look is enough for them.
    clearTimeout(asked);
    asked = setTimeout(() => get(`/runs/${id}`, signal).then(draw, failed), 200);
    return false;
  });
}

function drawRun(run, slots, draw, failed) {
  // A button that is exchanged while it is pressed hears no click.
  if (slots.head.dataset.state !== run.state) {
    slots.head.dataset.state = run.state;
    drawHead(run, slots.head, draw, failed);
  }
  put(
    slots.facts,
    facts([
      ['id', h('code', {}, run.id), 'wide'],
      ['version-name', number(run.version)],
      ['accepted', moment(run.createdAt)],
      ['time', span(between(run.createdAt, run.finishedAt))],
      ['tokens', run.usage && number(run.usage.tokens)],
      ['cost', run.usage && number(Number(run.usage.cost), 6)],
      ['resumed', run.resumed ? number(run.resumed) : null],
      ['failure', run.failure && `${run.failure.code}: ${run.failure.message}`, 'wide'],
    ]),
  );
  const steps = run.steps ?? [];
  put(slots.graph, graph(steps));
  put(slots.steps, steps.map(stepRow));
  if (!slots.inputs.contains(document.activeElement)) {
    put(slots.inputs, steps.filter((s) => s.state === 'WAITING').map((s) => inputForm(run, s, draw)));
  }
  put(slots.output, block('input', run.input), block('output', run.output));
}

function drawHead(run, head, draw, failed) {
  const reload = () => get(`/runs/${run.id}`).then(draw, failed);
  const button =
    run.state === 'RUNNING'
      ? action('cancel', `/runs/${run.id}/cancel`, undefined, draw, failed)
      : run.state !== 'SUCCEEDED' && action('resume', `/runs/${run.id}/resume`, undefined, reload, failed);
  put(head, h('div', { class: 'title' }, h('h1', {}, run.pipeline), state(run.state)), h('div', { class: 'actions' }, button));
}

function block(name, value) {
  return value !== undefined && value !== null && h('section', {}, h('h2', {}, t(name)), h('pre', { class: 'output', tabindex: '0' }, pretty(value)));
}

function stepRow(step) {
  const tasks = step.tasks.map((task) => h('a', { class: 'id', href: `#/tasks/${task.id}` }, `${task.id.slice(-6)}`, task.state ? ` ${word('state', task.state)}` : ''));
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, step.id),
    h('td', {}, state(step.state)),
    h('td', { class: 'figure' }, span(between(step.startedAt, step.finishedAt))),
    h('td', { class: 'models' }, tasks.flatMap((a, i) => (i ? [' · ', a] : [a]))),
    h('td', { class: 'models' }, step.failure ? `${step.failure.code}: ${step.failure.message}` : ''),
  );
}

/** A step that waits for a person gets its input here. */
function inputForm(run, step, draw) {
  const field = h('textarea', { class: 'code', rows: 2, required: true, spellcheck: 'false' });
  const notice = h('div');
  const send = async (e) => {
    e.preventDefault();
    try {
      draw(await post(`/runs/${run.id}/steps/${encodeURIComponent(step.id)}/input`, parse(step.id, field.value)));
    } catch (refused) {
      put(notice, problem(refused));
    }
  };
  const name = t('input-for', { step: step.id });
  return h('form', { class: 'submit', onsubmit: send }, labelled(name, field, step.waitsFor ?? t('as-json')), notice, h('button', { type: 'submit' }, t('give')));
}
