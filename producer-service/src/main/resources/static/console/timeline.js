import { FINAL } from './parts.js';
import { number } from './text.js';

/**
 * What happened to a task, oldest first: from its record, and finer where the events were heard (a replica forgets
 * them after a while, the record stays).
 *
 * @return entries with a text's name and its values, a time, the time of the entry before, and a detail
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
  if (!of('RUNNING').length && times.startedAt) {
    entries.push({ name: 'was.started', values: { n: task.attempts }, at: times.startedAt, detail: !of('ROUTED').length && route ? [to(route), route.why].filter(Boolean).join(': ') : null });
  }
  const retried = of('RETRYING').map((e) => e.attempt);
  for (const f of task.failures ?? []) {
    if (!retried.includes(f.attempt)) {
      entries.push({ name: 'was.attempt-failed', values: { n: f.attempt }, at: f.at, detail: `${f.code}: ${f.message} (${f.worker})`, kind: 'failed' });
    }
  }
  if (pieces && firstPiece) {
    entries.push({ name: 'pieces', values: { n: number(pieces) }, at: firstPieceAt(task, firstPiece), kind: 'pieces-entry' });
  }
  entries.sort((a, b) => new Date(a.at) - new Date(b.at));
  if (FINAL.includes(task.state)) {
    const end = times.finishedAt ?? entries.at(-1).at;
    entries.push({ name: `state.${task.state}`, at: end, detail: task.failure?.code, kind: task.state.toLowerCase() });
  }
  return entries.map((e, i) => ({ ...e, since: i ? entries[i - 1].at : null }));
}

const to = ({ pool, model }) => [pool, model].filter(Boolean).join(' / ');

/** The clock of this machine may differ, and who came late heard the pieces late: never after the end. */
function firstPieceAt(task, heardAt) {
  const end = task.times.finishedAt;
  return end && new Date(heardAt) > new Date(end) ? end : heardAt;
}
