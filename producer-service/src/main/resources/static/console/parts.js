import { post } from './api.js';
import { h } from './dom.js';
import { t, word } from './text.js';

/** A state as a dot and a word, so that it is told by more than a colour. */
export function state(value) {
  return h('span', { class: `state ${value.toLowerCase()}` }, word('state', value));
}

export const FINAL = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED'];

/** Names and values side by side, some of them wide; those without a value are left out. */
export function facts(pairs) {
  const there = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return h('dl', { class: 'facts' }, there.map(([name, value, kind]) => h('div', { class: kind }, h('dt', {}, t(name)), h('dd', {}, value))));
}

/**
 * A table with a head; it scrolls by itself where the window is narrow.
 *
 * @param heads names of texts; those of columns of figures begin with a #
 */
export function table(label, heads, body) {
  const head = h('tr', {}, heads.map((name) => h('th', { scope: 'col', class: name.startsWith('#') && 'figure' }, t(name.replace('#', '')))));
  return h('div', { class: 'scroll' }, h('table', { 'aria-label': label }, h('thead', {}, head), body));
}

export function problem(e) {
  const fields = (e.errors ?? []).map((f) => h('li', {}, h('code', {}, f.field), ' ', f.message));
  return h('div', { class: 'problem', role: 'alert' }, fields.length ? h('ul', {}, fields) : e.message);
}

/** A field with its name above it. */
export function labelled(name, field, hint) {
  return h('label', {}, h('span', { class: 'name' }, name), field, hint && h('span', { class: 'hint' }, hint));
}

export function choice(attributes, options, chosen) {
  return h('select', attributes, options.map(([value, name]) => h('option', { value, selected: value === chosen }, name)));
}

/** A button that asks the API for one thing, once at a time. */
export function action(name, path, body, done, failed) {
  const button = h('button', { type: 'button' }, t(name));
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await done(await post(path, body));
    } catch (e) {
      failed(e);
    } finally {
      button.disabled = false;
    }
  });
  return button;
}

/** JSON as a person reads it. */
export const pretty = (value) => JSON.stringify(value, null, 2);

/** The text that a person looks for in an input or output, or null where it is not one text. */
export function plainText(value) {
  if (typeof value === 'string') {
    return value;
  }
  const message = value?.choices?.[0]?.message?.content;
  if (typeof message === 'string') {
    return message;
  }
  const messages = value?.messages;
  if (Array.isArray(messages) && typeof messages.at(-1)?.content === 'string') {
    return messages.at(-1).content;
  }
  for (const name of ['text', 'summary', 'translation', 'answer', 'prompt', 'question']) {
    if (typeof value?.[name] === 'string') {
      return value[name];
    }
  }
  return null;
}
