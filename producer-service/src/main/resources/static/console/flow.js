import { h, put, say, svg } from './dom.js';
import { number, rate, span, t } from './text.js';

const [WIDTH, ROW, BOX, TALL] = [940, 92, 132, 64];
const COLUMN = (i) => 4 + i * ((WIDTH - 8 - BOX) / 4);
const PRIORITIES = ['high', 'normal', 'low'];

/**
 * The way of a task as a picture: APIs, ingress, router, pools, replies. Boxes are made once for each set of pools;
 * after that only their texts change, so a page that is looked at for hours stays as small as it is.
 */
export function flow() {
  const element = h('div', { class: 'scroll flow' });
  let boxes = null;
  let drawn = '';
  return {
    element,
    draw(pools, workers, depths) {
      const names = pools.map((p) => p.pool).join();
      if (names !== drawn || !boxes) {
        drawn = names;
        boxes = lay(element, pools);
      }
      tell(boxes, pools, workers, depths);
    },
  };
}

function lay(element, pools) {
  const middle = (Math.max(1, pools.length) * ROW) / 2;
  const height = 2 * middle + 24;
  const picture = svg('svg', { class: 'whole', viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': t('flow') });
  const boxes = {
    apis: box(0, middle, t('flow.apis')),
    ingress: box(1, middle, t('flow.ingress')),
    router: box(2, middle, t('flow.router')),
    replies: box(4, middle, t('flow.replies')),
    pools: pools.map((p, i) => box(3, middle + (i - (pools.length - 1) / 2) * ROW, p.pool)),
  };
  boxes.edges = [
    edge(boxes.apis, boxes.ingress),
    edge(boxes.ingress, boxes.router),
    ...boxes.pools.flatMap((p) => [edge(boxes.router, p), edge(p, boxes.replies)]),
  ];
  boxes.aside = svg('text', { x: WIDTH / 2, y: height - 8, class: 'aside' });
  picture.append(...boxes.edges, ...[boxes.apis, boxes.ingress, boxes.router, ...boxes.pools, boxes.replies].map((b) => b.group), boxes.aside);
  put(element, picture);
  return boxes;
}

function box(column, y, name) {
  const x = COLUMN(column);
  const lines = [18, 37, 54].map((dy, i) => svg('text', { x: x + BOX / 2, y: y - TALL / 2 + dy, class: i ? 'value' : 'name' }));
  lines[0].textContent = name;
  const group = svg('g', {}, svg('rect', { x, y: y - TALL / 2, width: BOX, height: TALL, rx: 8 }), lines);
  return { x, y, group, lines };
}

function edge(from, to) {
  const [x1, x2] = [from.x + BOX, to.x];
  const bend = (x2 - x1) / 2;
  return svg('path', { d: `M${x1} ${from.y}C${x1 + bend} ${from.y} ${x2 - bend} ${to.y} ${x2} ${to.y}` });
}

function tell(boxes, pools, workers, depths) {
  const sum = (of) => pools.reduce((all, p) => all + of(p), 0);
  const waiting = (name) => (depths.has(name) ? number(depths.get(name)) : '–');
  const ingress = PRIORITIES.map((p) => depths.get(`llm.ingress.${p}`) ?? 0).reduce((a, b) => a + b, 0);
  lines(boxes.apis, t('a-second', { rate: rate(sum((p) => p.arrivalRate)) }), '');
  lines(boxes.ingress, t('n-wait', { n: number(ingress) }), '');
  lines(boxes.router, t('a-second', { rate: rate(sum((p) => p.deliveryRate)) }), '');
  lines(boxes.replies, t('n-wait', { n: waiting('llm.replies.q') }), t('a-second', { rate: rate(sum((p) => p.processingRate)) }));
  pools.forEach((pool, i) => tellPool(boxes.pools[i], pool, workers, depths));
  moving(boxes.edges[0], sum((p) => p.arrivalRate));
  moving(boxes.edges[1], sum((p) => p.deliveryRate));
  pools.forEach((p, i) => {
    moving(boxes.edges[2 + 2 * i], p.deliveryRate);
    moving(boxes.edges[3 + 2 * i], p.processingRate);
  });
  const retries = [...depths].filter(([q]) => q.startsWith('llm.retry.')).reduce((all, [, n]) => all + n, 0);
  say(boxes.aside, t('aside', { retries: number(retries), dead: waiting('llm.dead.q') }));
}

function tellPool(box, pool, workers, depths) {
  const work = PRIORITIES.map((p) => depths.get(`llm.work.${pool.pool}.${p}`) ?? 0).reduce((a, b) => a + b, 0);
  const running = workers.filter((w) => w.pool === pool.pool).reduce((all, w) => all + w.running, 0);
  lines(box, t('n-wait-n-run', { waiting: number(work), running: number(running), slots: number(pool.slots) }), `${t('a-second', { rate: rate(pool.processingRate) })} · ${span(pool.waits.measured)}`);
  box.group.classList.toggle('full', pool.slots > 0 && running >= pool.slots);
  box.group.classList.toggle('gone', pool.slots === 0);
}

function lines(box, first, second) {
  say(box.lines[1], first);
  say(box.lines[2], second);
}

/** What moves faster flows faster; nothing stands still. */
function moving(edge, perSecond) {
  edge.classList.toggle('moving', perSecond > 0);
  const speed = perSecond > 0 ? 2 ** -Math.min(3, Math.max(-1, Math.round(Math.log10(perSecond)))) : 1;
  if (edge.dataset.speed !== String(speed)) {
    edge.dataset.speed = speed;
    edge.style.animationDuration = `${2 * speed}s`;
  }
}
