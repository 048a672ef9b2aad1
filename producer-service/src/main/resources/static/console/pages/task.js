import { follow, get } from '../api.js';
import { h, put, say } from '../dom.js';
import { action, facts, FINAL, plainText, pretty, problem, state } from '../parts.js';
import { between, moment, number, span, t, word } from '../text.js';
import { timeline } from '../timeline.js';

/** So much of an output is shown while it comes; all of it when it is there. */
const MOST_STREAMED = 200_000;

/** Tells a task's story, and goes on telling it until it is over. */
export async function show(root, { signal, parts: [id] }) {
  const view = { task: await get(`/tasks/${id}`, signal), heard: [], pieces: 0, queue: null };
  view.queue = view.task.queue ?? null;
  const output = h('pre', { class: 'output', tabindex: '0', 'aria-label': t('output') });
  const input = h('pre', { class: 'output', tabindex: '0', 'aria-label': t('input') });
  const slots = {
    head: h('div', { class: 'head' }),
    notice: h('div'),
    facts: h('div'),
    letters: h('div'),
    story: h('ol', { class: 'timeline' }),
    output: h('section', {}, h('h2', {}, t('output')), output),
    whole: h('div'),
  };
  put(
    root,
    slots.head,
    slots.notice,
    slots.facts,
    slots.letters,
    h('div', { class: 'columns' }, h('section', {}, h('h2', {}, t('timeline')), slots.story), slots.output),
    slots.whole,
    h('section', {}, h('h2', {}, t('input')), input),
  );
  const draw = () => drawTask(view, slots, output, draw);
  draw();
  showInput(id, input, signal);
  showLetters(id, slots.letters, signal);
  // Not waited for: the page is there, and what comes is added.
  follow(`/tasks/${id}/events?queue=true`, signal, (name, data) => {
    hear(view, output, name, data);
    if (name !== 'delta') {
      draw();
    } else {
      say(slots.story.querySelector('.pieces') ?? h('i'), t('pieces', { n: number(view.pieces) }));
      view.pieces === 1 && draw();
    }
    return name === 'final';
  });
}

async function showInput(id, input, signal) {
  try {
    const asked = await get(`/tasks/${id}/input`, signal);
    say(input, pretty(asked.parameters ? asked : asked.input));
  } catch (e) {
    say(input, t(e.status === 404 ? 'content-gone' : 'unreachable'));
  }
}

/** Those that it left, and the one that it is an edited copy of. */
async function showLetters(id, place, signal) {
  const page = await get(`/dead-letters?task=${id}&limit=1`, signal).catch(() => ({ items: [] }));
  put(place, page.items.length > 0 && h('a', { href: `#/dead-letters?task=${id}` }, t(page.items[0].copy === id ? 'copied-from' : 'its-letters')));
}

/** Takes in what the stream says. */
function hear(view, output, name, data) {
  if (name === 'state') {
    view.task = { ...view.task, state: data.state, attempts: Math.max(view.task.attempts, data.attempt) };
    view.task.route = { ...view.task.route, ...kept({ pool: data.pool, model: data.model }) };
    data.at && view.heard.push(data);
  } else if (name === 'queue') {
    view.queue = data;
  } else if (name === 'delta') {
    view.firstPiece ??= Date.now();
    view.pieces += 1;
    append(output, textOf(data));
  } else if (name === 'restarted') {
    view.pieces = 0;
    put(output);
  } else if (name === 'final') {
    view.task = data;
  }
}

const kept = (object) => Object.fromEntries(Object.entries(object).filter(([, v]) => v));

function textOf(delta) {
  return delta.text ?? (delta.choices ?? []).map((c) => c.delta?.content ?? c.text ?? '').join('');
}

function append(output, text) {
  if (!output.firstChild) {
    output.append('');
  }
  if (output.firstChild.length < MOST_STREAMED) {
    output.firstChild.appendData(text);
    output.scrollTop = output.scrollHeight;
  }
}

function drawTask(view, slots, output, draw) {
  const { task } = view;
  const over = FINAL.includes(task.state);
  const failed = (e) => put(slots.notice, problem(e));
  const cancelled = (now) => {
    view.task = now;
    draw();
  };
  const cancel = slots.head.querySelector('.actions button') ?? action('cancel', `/tasks/${task.id}/cancel`, undefined, cancelled, failed);
  cancel.hidden = over;
  const head = [h('h1', {}, task.type), state(task.state)];
  const actions = slots.head.querySelector('.actions') ?? h('div', { class: 'actions' }, cancel);
  if (!actions.isConnected) {
    put(slots.head, h('div', { class: 'title', 'aria-live': 'polite' }, head), actions);
  } else {
    slots.head.querySelector('.state').replaceWith(head[1]);
  }
  put(slots.facts, about(task, over ? null : view.queue));
  put(slots.story, timeline(view).map(entry));
  if (over) {
    drawEnd(task, output, slots.whole);
  }
  slots.output.classList.toggle('waiting', !over && !output.textContent);
}

function about(task, queue) {
  const usage = task.result?.usage;
  return facts([
    ['id', h('code', {}, task.id), 'wide'],
    ['target', task.target],
    ['priority', word('priority', task.priority)],
    ['pool', task.route?.pool],
    ['model', task.result?.model ?? task.route?.model],
    ['place-in-line', queue && `${queue.atLeast ? '≥ ' : ''}${number(queue.position)}`],
    ['expected-start', queue?.expectedStart && moment(queue.expectedStart)],
    ['attempts', number(task.attempts)],
    ['tokens', usage && t('tokens-in-out', { in: number(usage.inputTokens), out: number(usage.outputTokens) })],
    ['cost', usage?.cost !== undefined && usage?.cost !== null ? number(usage.cost, 6) : null],
    ['call-time', usage && span(usage.callMillis / 1000)],
    ['conversation', task.conversation && h('a', { href: `#/conversations/${encodeURIComponent(task.conversation)}` }, task.conversation)],
    ['deadline', moment(task.deadline)],
    ['metadata', task.metadata && h('code', {}, JSON.stringify(task.metadata)), 'wide'],
  ]);
}

function entry({ name, values, at, since, detail, kind }) {
  return h(
    'li',
    { class: kind },
    h('span', { class: 'time' }, at && moment(at, true)),
    h('span', { class: 'what' }, h('b', { class: kind === 'pieces-entry' ? 'pieces' : null }, t(name, values)), since && h('span', { class: 'hint' }, ` +${span(between(since, at))}`)),
    detail && h('span', { class: 'detail' }, detail),
  );
}

function drawEnd(task, output, whole) {
  if (task.failure) {
    say(output, `${task.failure.code}: ${task.failure.message}`);
  } else if (task.result) {
    const text = plainText(task.result.output);
    say(output, text ?? pretty(task.result.output));
    const open = whole.querySelector('details')?.open;
    put(whole, text !== null && h('details', { open }, h('summary', {}, t('whole-output')), h('pre', { class: 'output' }, pretty(task.result.output))));
  } else if (!output.textContent) {
    say(output, t(task.state === 'SUCCEEDED' ? 'content-gone' : 'no-output'));
  }
}
