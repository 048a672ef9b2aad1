import { h } from './dom.js';
import { labelled } from './parts.js';
import { t } from './text.js';

/**
 * Makes fields from a JSON Schema of an object: texts, numbers, yes or no, one of a list, lists of texts; the rest is
 * asked as JSON. What is left empty is left out. The API checks it all, so here nothing is checked but JSON itself.
 *
 * @return the fields, and a function that reads them
 */
export function formOf(schema, first = {}) {
  const required = new Set(schema.required ?? []);
  const inputs = Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    ...input(name, property, required.has(name), first[name]),
  }));
  return {
    fields: inputs.map((i) => labelled(required.has(i.name) ? `${i.name} *` : i.name, i.field, i.hint)),
    read: () => Object.fromEntries(inputs.map((i) => [i.name, i.read()]).filter(([, v]) => v !== undefined)),
  };
}

function input(name, property, required, first) {
  const shape = shapeOf(property);
  const { field, read } = MAKERS[shape]({ name: `input.${name}`, required, 'aria-required': required ? 'true' : null }, property, first);
  const how = { lines: t('one-a-line'), json: t('as-json') }[shape];
  return { field, read, hint: [property.description, how].filter(Boolean).join(' · ') };
}

function shapeOf(property) {
  const options = property.oneOf ?? property.anyOf;
  if (property.enum) {
    return 'list';
  }
  if (options) {
    return options.some((o) => o.type === 'string') ? 'long' : 'json';
  }
  if (property.type === 'string') {
    return property.maxLength && property.maxLength <= 200 ? 'short' : 'long';
  }
  if (property.type === 'array' && property.items?.type === 'string') {
    return 'lines';
  }
  return { integer: 'number', number: 'number', boolean: 'flag' }[property.type] ?? 'json';
}

const filled = (value) => (value === '' ? undefined : value);

const MAKERS = {
  short: (attributes, property, first) => {
    const field = h('input', { ...attributes, maxlength: property.maxLength, value: first });
    return { field, read: () => filled(field.value) };
  },
  long: (attributes, property, first) => {
    const field = h('textarea', { ...attributes, rows: /text|context|question/.test(attributes.name) ? 4 : 2 }, first ?? '');
    return { field, read: () => filled(field.value) };
  },
  number: (attributes, property) => {
    const step = property.type === 'integer' ? 1 : 'any';
    const field = h('input', { ...attributes, type: 'number', step, min: property.minimum, max: property.maximum });
    return { field, read: () => (field.value === '' ? undefined : Number(field.value)) };
  },
  flag: (attributes) => {
    const field = h('input', { ...attributes, required: null, type: 'checkbox' });
    return { field, read: () => field.checked || undefined };
  },
  list: (attributes, property) => {
    const options = [...(attributes.required ? [] : ['']), ...property.enum];
    const field = h('select', attributes, options.map((o) => h('option', { value: o }, String(o))));
    return { field, read: () => property.enum.find((o) => String(o) === field.value) };
  },
  lines: (attributes) => {
    const field = h('textarea', { ...attributes, rows: 3 });
    const lines = () => field.value.split('\n').map((l) => l.trim()).filter(Boolean);
    return { field, read: () => (lines().length ? lines() : undefined) };
  },
  json: (attributes) => {
    const field = h('textarea', { ...attributes, rows: 3, spellcheck: 'false', class: 'code' });
    return { field, read: () => (field.value.trim() === '' ? undefined : parse(attributes.name, field.value)) };
  },
};

/** Reads JSON that was typed; what is wrong is told like a refusal of the API. */
export function parse(name, text) {
  try {
    return JSON.parse(text);
  } catch (e) {
    throw Object.assign(new Error(e.message), { errors: [{ field: name, message: t('no-json', { why: e.message }) }] });
  }
}
