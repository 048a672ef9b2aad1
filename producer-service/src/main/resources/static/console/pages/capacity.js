import { get, withQuery } from '../api.js';
import { h, put } from '../dom.js';
import { choice, facts, labelled, problem } from '../parts.js';
import { number, rate, span, t } from '../text.js';

const WINDOW = 600;

/** Asks the model what would be if more came, more worked, or a task took longer. */
export async function show(root, { signal }) {
  const { pools } = await get(`/capacity?window=${WINDOW}`, signal);
  if (pools.length === 0) {
    put(root, h('h1', {}, t('page.capacity')), h('p', { class: 'empty' }, t('no-workers')));
    return;
  }
  const form = h('div', { class: 'sliders' });
  const answer = h('div', { 'aria-live': 'polite' });
  const pool = choice({ name: 'pool' }, pools.map((p) => [p.pool, p.pool]), pools[0].pool);
  let sliders;
  let waiting;
  const ask = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const question = Object.fromEntries(sliders.map((s) => [s.name, s.value()]));
      try {
        const { whatIf } = await get(withQuery('/capacity', { window: WINDOW, pool: pool.value, ...question }), signal);
        put(answer, forecast(whatIf));
      } catch (e) {
        signal.aborted || put(answer, problem(e));
      }
    }, 120);
  };
  const draw = () => {
    sliders = slidersOf(pools.find((p) => p.pool === pool.value), ask);
    put(form, sliders.map((s) => s.element));
    ask();
  };
  pool.addEventListener('change', draw);
  draw();
  put(
    root,
    h('div', { class: 'head' }, h('h1', {}, t('page.capacity')), h('span', { class: 'hint' }, t('about-capacity'))),
    h('div', { class: 'columns even' }, h('section', {}, labelled(t('pool'), pool), form), h('section', {}, h('h2', {}, t('what-would-be')), answer)),
  );
}

/** They start at what is, and go far enough to see it break. */
function slidersOf(pool, changed) {
  const service = pool.serviceTime ?? 1;
  const workers = Math.max(1, pool.workers);
  const most = Math.max(1, (4 * Math.max(1, pool.slots)) / service);
  return [
    slider('rate', pool.arrivalRate || most / 8, 0, most, (v) => t('a-second', { rate: rate(v) }), changed),
    slider('workers', workers, 1, Math.max(20, 4 * workers), (v) => number(v), changed, 1),
    slider('serviceTime', service, service / 10, service * 5, span, changed),
    slider('wait', 1, 0.05, 60, span, changed),
  ];
}

/** In even steps of a thousand where nothing else is said. */
function slider(name, start, least, most, format, changed, step = (most - least) / 1000) {
  const input = h('input', { type: 'range', name, min: least, max: most, step, value: start });
  const now = h('output', {}, format(Number(input.value)));
  input.addEventListener('input', () => {
    put(now, format(Number(input.value)));
    input.setAttribute('aria-valuetext', now.textContent);
    changed();
  });
  input.setAttribute('aria-valuetext', now.textContent);
  const head = h('span', { class: 'slider-head' }, h('span', { class: 'name' }, t(`what-if.${name}`)), now);
  return { name, element: h('label', {}, head, input), value: () => Number(Number(input.value).toFixed(6)) };
}

function forecast(said) {
  return [
    h('p', { class: said.stable ? 'verdict' : 'problem' }, said.stable ? t('is-stable') : t('is-unstable')),
    facts([
      ['utilisation', `${number(said.utilisation * 100, 1)} %`],
      ['slots', number(said.slots)],
      ['has-to-wait', `${number(said.delayProbability * 100, 1)} %`],
      ['mean-wait', span(said.meanWait)],
      ['wait-p95', span(said.waitP95)],
      ['time-in-system', span(said.timeInSystem)],
      ['line', number(said.queueLength, 1)],
      ['workers-needed', said.workersNeeded && number(said.workersNeeded)],
      ['slots-needed', said.slotsNeeded && number(said.slotsNeeded)],
    ]),
  ];
}
