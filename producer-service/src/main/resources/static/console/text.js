const LANGUAGE = 'llm-fleet.language';

export const LANGUAGES = { en: 'English', zh: '中文' };

let messages = {};

export function language() {
  const told = localStorage.getItem(LANGUAGE);
  if (told in LANGUAGES) {
    return told;
  }
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

/** Loads the console's texts in a language, and keeps that choice where it was made by a person. */
export async function speak(wanted, chosen) {
  messages = await (await fetch(`messages/${wanted}.json`)).json();
  document.documentElement.lang = wanted;
  if (chosen) {
    localStorage.setItem(LANGUAGE, wanted);
  }
}

/** The text of that name, with {name} replaced by the value of that name. */
export function t(name, values = {}) {
  return (messages[name] ?? name).replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
}

/** A word that the API has, such as a state, in the reader's language where there is one for it. */
export function word(kind, value) {
  return messages[`${kind}.${value}`] ?? String(value);
}

export const number = (value, digits = 0) =>
  value === null || value === undefined
    ? '–'
    : value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });

/** Three digits are enough to look at. */
export const rate = (value) => number(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

/** A time span in its fitting unit. */
export function span(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) {
    return '–';
  }
  if (seconds < 0.9995) {
    return `${number(seconds * 1000, seconds < 0.01 ? 1 : 0)} ms`;
  }
  if (seconds < 120) {
    return `${number(seconds, seconds < 10 ? 2 : 1)} s`;
  }
  return seconds < 7200 ? `${number(seconds / 60, 1)} min` : `${number(seconds / 3600, 1)} h`;
}

export const between = (from, to) => (from && to ? (new Date(to) - new Date(from)) / 1000 : null);

/** The time of day, with the day where it is not today. */
export function moment(iso, precise) {
  if (!iso) {
    return '–';
  }
  const at = new Date(iso);
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  const today = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(document.documentElement.lang, {
    ...clock,
    ...(precise ? { fractionalSecondDigits: 3 } : {}),
    ...(today ? {} : { month: 'short', day: 'numeric' }),
  });
}
