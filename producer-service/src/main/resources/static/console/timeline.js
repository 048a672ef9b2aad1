import { FINAL } from './parts.js';
import { number } from './text.js';

/**
 * What happened to a task, oldest first: from its record, and finer where the events were heard (a replica forgets
 * them after a while, the record stays).
 *
 * @return entries with a text's name and its values, a time (null where it is not known), the time of the entry before, and a
 * detail
 */
export function timeline({ task, heard, pieces, firstPiece }) {
  const { times, route } = task;
  const entries = [{ name: 'was.accepted', at: task.createdAt }];
  if (times.queuedAt) {
    entries.push({ name: 'was.queued', at: times.queuedAt });
  }
  const of = (state) => heard.filter((e) => e.state === state);
  for (const e of of('ROUTED')) {
    entries.push({ name: 'was.routed', values: { to: to(e) }, at: e.at, detail: e.model === route?.model || !e.model ? route?.why : null });
  }
  for (const e of of('RUNNING')) {
    entries.push({ name: 'was.started', values: { n: e.attempt }, at: e.at, detail: e.model });
  }
  for (const e of of('RETRYING')) {
    entries.push({ name: 'was.retrying', values: { n: e.attempt }, at: e.at, detail: [e.code, e.retryLevel].filter(Boolean).join(' → '), kind: 'failed' });
  }
  if (!of('ROUTED').length && route && times.startedAt) {
    entries.push({ name: 'was.routed', values: { to: to(route) }, at: null, before: times.startedAt, detail: route.why });
  }
  if (!of('RUNNING').length && times.startedAt) {
    entries.push({ name: 'was.started', values: { n: task.attempts }, at: times.startedAt });
  }
  const retried = of('RETRYING').map((e) => e.attempt);
  for (const f of task.failures ?? []) {
    if (!retried.includes(f.attempt)) {
      entries.push({ name: 'was.attempt-failed', values: { n: f.attempt }, at: f.at, detail: `${f.code}: ${f.message} (${f.worker})`, kind: 'failed' });
    }
  }
  const when = (e) => new Date(e.at ?? e.before);
  entries.sort((a, b) => when(a) - when(b));
  if (pieces) {
    entries.push({ name: 'pieces', values: { n: number(pieces) }, at: firstPieceAt(task, firstPiece), kind: 'pieces-entry' });
  }
  if (FINAL.includes(task.state)) {
    const end = times.finishedAt;
    entries.push({ name: `state.${task.state}`, at: end, detail: task.failure?.code, kind: task.state.toLowerCase() });
  }
  return entries.map((e, i) => ({ ...e, since: e.at && entries.slice(0, i).findLast((before) => before.at)?.at }));
}

const to = ({ pool, model }) => [pool, model].filter(Boolean).join(' / ');

/** Null for who came late: the pieces were said before they were heard. */
function firstPieceAt(task, heardAt) {
  const { startedAt, finishedAt } = task.times;
  const late = finishedAt && heardAt > new Date(finishedAt);
  return late || heardAt < new Date(startedAt ?? 0) ? null : new Date(heardAt).toISOString();
}
