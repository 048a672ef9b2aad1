import { get } from '../api.js';
import { every, h, put } from '../dom.js';
import { flow } from '../flow.js';
import { problem, table } from '../parts.js';
import { between, number, rate, span, t } from '../text.js';

const WINDOW = 30;
const PAUSE = 2000;

/** The fleet at work: where tasks are, how fast they move, and who does them. */
export async function show(root, { signal }) {
  const notice = h('div');
  const picture = flow();
  const pools = h('tbody');
  const workers = h('tbody');
  put(
    root,
    h('div', { class: 'head' }, h('h1', {}, t('page.live')), h('span', { class: 'hint' }, t('of-last', { span: span(WINDOW) }))),
    notice,
    picture.element,
    h('section', {}, h('h2', {}, t('pools')), table(t('pools'), ['pool', '#arrivals', '#deliveries', '#completions', '#in-system', '#utilisation', '#wait-measured', '#wait-predicted', '#service-time', '#little'], pools)),
    h('section', {}, h('h2', {}, t('workers')), table(t('workers'), ['name', 'pool', 'slots', 'breaker', 'models', '#task-time', '#up'], workers)),
  );
  await every(PAUSE, signal, async () => {
    try {
      const [capacity, live, queues] = await Promise.all([
        get(`/capacity?window=${WINDOW}`, signal),
        get('/workers', signal),
        get('/queues', signal),
      ]);
      picture.draw(capacity.pools, live, new Map(queues.map((q) => [q.queue, q.messages])));
      put(pools, capacity.pools.flatMap(poolRows));
      put(workers, live.map(workerRow));
      put(notice, live.length === 0 && h('p', { class: 'empty' }, t('no-workers')));
    } catch (e) {
      if (!signal.aborted) {
        put(notice, problem(e.status ? e : new Error(t('unreachable'))));
      }
    }
  });
}

const figure = (text) => h('td', { class: 'figure' }, text);

function poolRows(pool) {
  const whole = h(
    'tr',
    {},
    h('th', { scope: 'row' }, pool.pool),
    figure(rate(pool.arrivalRate)),
    figure(rate(pool.deliveryRate)),
    figure(rate(pool.processingRate)),
    figure(number(pool.queueLength)),
    h('td', { class: 'figure' }, meter(pool.utilisation), percent(pool.utilisation)),
    figure(span(pool.waits.measured)),
    figure(span(pool.waits.predicted)),
    figure(span(pool.serviceTime)),
    figure(number(pool.little.ratio, 2)),
  );
  const parts = pool.priorities.length > 1 ? pool.priorities : [];
  return [whole, ...parts.map(priorityRow)];
}

function priorityRow(part) {
  return h(
    'tr',
    { class: 'part' },
    h('th', { scope: 'row' }, t(`priority.${part.priority}`)),
    figure(rate(part.arrivalRate)),
    figure(rate(part.deliveryRate)),
    figure(rate(part.processingRate)),
    figure(number(part.queueLength)),
    h('td'),
    figure(span(part.waitMeasured)),
    figure(span(part.waitPredicted)),
    h('td', { colspan: 2 }),
  );
}

const percent = (share) => (share === null || share === undefined ? '–' : `${number(share * 100, share < 0.1 ? 1 : 0)} %`);

function meter(share) {
  return h('meter', { min: 0, max: 1, high: 0.85, value: Math.min(1, share ?? 0), 'aria-hidden': 'true' });
}

function workerRow(worker) {
  const paused = worker.pausedModels;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, worker.worker),
    h('td', {}, worker.pool),
    h('td', {}, meter(worker.running / worker.slots), `${number(worker.running)} / ${number(worker.slots)}`),
    h('td', {}, h('span', { class: `state ${paused.length ? 'failed' : 'succeeded'}` }, paused.length ? t('breaker-open', { models: paused.join(', ') }) : t('breaker-closed'))),
    h('td', { class: 'models' }, worker.models.join(', ')),
    h('td', { class: 'figure' }, worker.taskMillis === undefined ? '–' : span(worker.taskMillis / 1000)),
    h('td', { class: 'figure' }, span(between(worker.startedAt, worker.at))),
  );
}
