import { get, post } from '../api.js';
import { h, put } from '../dom.js';
import { formOf, parse } from '../form.js';
import { choice, labelled, problem } from '../parts.js';
import { t, word } from '../text.js';

/** Asks for a task by a form that its type's schema gives, and goes to the task. */
export async function show(root, { signal, query }) {
  const [types, pools] = await Promise.all([get('/types', signal), get('/pools', signal)]);
  const chosen = types.find((type) => type.name === query.get('type')) ?? types.find((type) => type.name === 'summarize') ?? types[0];
  const rest = others(pools);
  let form;
  const fields = h('fieldset');
  const draw = (type) => {
    form = formOf(type.input);
    put(fields, h('legend', {}, t('input')), h('p', { class: 'hint' }, type.description), form.fields);
  };
  const type = choice({ name: 'type' }, types.map((x) => [x.name, x.name]), chosen.name);
  type.addEventListener('change', () => draw(types.find((x) => x.name === type.value)));
  draw(chosen);
  const notice = h('div');
  const button = h('button', { type: 'submit' }, t('submit'));
  const submit = async (e) => {
    e.preventDefault();
    button.disabled = true;
    try {
      const task = await post('/tasks', { type: type.value, input: form.read(), ...rest.read() });
      location.hash = `#/tasks/${task.id}`;
    } catch (refused) {
      put(notice, problem(refused));
    } finally {
      button.disabled = false;
    }
  };
  put(
    root,
    h('div', { class: 'head' }, h('h1', {}, t('new-task'))),
    h('form', { class: 'submit', onsubmit: submit }, labelled(t('type'), type), fields, rest.fields, notice, h('div', { class: 'actions' }, button)),
  );
}

/** What every task has beside its input. */
function others(pools) {
  const names = [...new Set(pools.flatMap((p) => [p.name, ...p.models]))];
  const target = h('input', { name: 'target', list: 'targets', placeholder: 'any', spellcheck: 'false' });
  const priority = choice({ name: 'priority' }, ['high', 'normal', 'low'].map((p) => [p, word('priority', p)]), 'normal');
  const conversation = h('input', { name: 'conversation', maxlength: 200, spellcheck: 'false' });
  const parameters = h('textarea', { name: 'parameters', rows: 2, spellcheck: 'false', class: 'code', placeholder: '{"temperature": 0.2}' });
  const stream = h('input', { name: 'stream', type: 'checkbox', checked: true });
  return {
    fields: h(
      'fieldset',
      { class: 'grid' },
      h('legend', {}, t('how')),
      labelled(t('target'), target, t('about-target')),
      h('datalist', { id: 'targets' }, ['any', ...names].map((name) => h('option', { value: name }))),
      labelled(t('priority'), priority),
      labelled(t('conversation'), conversation, t('about-conversation')),
      labelled(t('parameters'), parameters, t('as-json')),
      h('label', { class: 'check' }, stream, h('span', {}, t('stream'))),
    ),
    read: () => {
      const told = parameters.value.trim() === '' ? {} : parse('parameters', parameters.value);
      const all = { ...told, ...(stream.checked ? { stream: true } : {}) };
      return {
        priority: priority.value,
        ...(target.value.trim() && { target: target.value.trim() }),
        ...(conversation.value.trim() && { conversation: conversation.value.trim() }),
        ...(Object.keys(all).length && { parameters: all }),
      };
    },
  };
}
