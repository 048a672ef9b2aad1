import { svg } from './dom.js';
import { between, span, t, word } from './text.js';

const [BOX, TALL, GAP, ROW] = [150, 46, 46, 62];

/** Draws steps from left to right, each after those that it needs, with its state and time. */
export function graph(steps) {
  const columns = layers(steps);
  const place = new Map();
  const tallest = Math.max(1, ...columns.map((c) => c.length));
  columns.forEach((column, x) =>
    column.forEach((step, i) => place.set(step.id, { x: 4 + x * (BOX + GAP), y: ((tallest - column.length) / 2 + i) * ROW + 8 })),
  );
  const width = columns.length * (BOX + GAP) - GAP + 8;
  const edges = steps.flatMap((s) => [
    ...(s.needs ?? []).filter((n) => place.has(n)).map((n) => edge(place.get(n), place.get(s.id), s.state === 'RUNNING' ? 'moving' : null)),
    ...(place.has(s.fallback) ? [edge(place.get(s.id), place.get(s.fallback), 'instead')] : []),
  ]);
  const picture = svg('svg', { viewBox: `0 0 ${width} ${tallest * ROW}`, role: 'img', 'aria-label': t('steps') }, edges, steps.map((s) => box(s, place.get(s.id))));
  picture.style.maxWidth = `${width * 1.1}px`;
  picture.style.minWidth = `${Math.min(width, 900) * 0.8}px`;
  return picture;
}

/** A step is one column after the last that it needs or stands in for; definitions have no cycles. */
function layers(steps) {
  const byId = new Map(steps.map((s) => [s.id, s]));
  const depths = new Map();
  const depth = (id) => {
    if (!depths.has(id)) {
      const replaced = steps.filter((s) => s.fallback === id).map((s) => s.id);
      const before = [...(byId.get(id).needs ?? []).filter((n) => byId.has(n)), ...replaced];
      depths.set(id, before.length ? 1 + Math.max(...before.map(depth)) : 0);
    }
    return depths.get(id);
  };
  const columns = [];
  steps.forEach((s) => (columns[depth(s.id)] ??= []).push(s));
  return columns;
}

function box(step, { x, y }) {
  const items = step.items ? ` · ${t('n-items', { n: step.items })}` : '';
  const time = step.startedAt && step.state !== 'SKIPPED' ? ` ${span(between(step.startedAt, step.finishedAt ?? new Date().toISOString()))}` : '';
  return svg(
    'g',
    { class: `step ${step.state.toLowerCase()}` },
    svg('rect', { x, y, width: BOX, height: TALL, rx: 8 }),
    svg('text', { x: x + BOX / 2, y: y + 19, class: 'name' }, step.id.length > 20 ? `${step.id.slice(0, 19)}…` : step.id),
    svg('text', { x: x + BOX / 2, y: y + 36, class: 'value' }, `${word('state', step.state)}${time}${items}`),
  );
}

function edge(from, to, kind) {
  const [x1, y1, x2, y2] = [from.x + BOX, from.y + TALL / 2, to.x, to.y + TALL / 2];
  const bend = (x2 - x1) / 2;
  return svg('path', { class: kind, d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
}
