import uPlot from '/webjars/uplot/dist/uPlot.esm.js';
import { get, withQuery } from '../api.js';
import { h, put } from '../dom.js';
import { labelled, problem, table } from '../parts.js';
import { number, t } from '../text.js';

const DAY = 86_400_000;
const STYLE = '/webjars/uplot/dist/uPlot.min.css';
const STRENGTHS = [1, 0.62, 0.4, 0.26, 0.16];

/** What a tenant used, by day and model; another tenant's only where the API lets this key see it. */
export async function show(root, { signal, query }) {
  const today = new Date().toISOString().slice(0, 10);
  const asked = {
    from: query.get('from') ?? new Date(Date.now() - 29 * DAY).toISOString().slice(0, 10),
    to: query.get('to') ?? today,
    tenant: query.get('tenant') ?? '',
  };
  const content = h('div', { class: 'page' });
  addStyle();
  put(root, h('div', { class: 'head' }, h('h1', {}, t('page.usage'))), filters(asked, today), content);
  try {
    const usage = await get(withQuery('/usage', asked), signal);
    const models = [...new Set(usage.items.map((i) => i.model))];
    if (models.length === 0) {
      put(content, h('p', { class: 'empty' }, t('no-usage')));
      return;
    }
    const frames = ['tokens', 'cost'].map((what) => h('div', { class: 'plot' }, h('h2', {}, t(`${what}-a-day`))));
    put(content, h('div', { class: 'columns even' }, frames), totals(usage.items, models));
    const draw = () => {
      plot(frames[0], usage, models, (i) => i.inputTokens + i.outputTokens);
      plot(frames[1], usage, models, (i) => Number(i.cost));
    };
    // The width is known when the page is on.
    requestAnimationFrame(draw);
    addEventListener('resize', draw, { signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, { signal });
  } catch (e) {
    signal.aborted || put(content, problem(e));
  }
}

/** No other page has plots, so the first paint of none waits for it. */
function addStyle() {
  if (!document.querySelector(`link[href="${STYLE}"]`)) {
    document.head.prepend(h('link', { rel: 'stylesheet', href: STYLE }));
  }
}

function filters(asked, today) {
  const fields = {
    from: h('input', { type: 'date', value: asked.from, max: today }),
    to: h('input', { type: 'date', value: asked.to, max: today }),
    tenant: h('input', { value: asked.tenant, placeholder: t('own'), spellcheck: 'false' }),
  };
  const search = (e) => {
    e.preventDefault();
    location.hash = withQuery('#/usage', Object.fromEntries(Object.entries(fields).map(([n, f]) => [n, f.value.trim()])));
  };
  return h(
    'form',
    { class: 'filters', onsubmit: search },
    Object.entries(fields).map(([name, field]) => labelled(t(name), field)),
    h('button', { type: 'submit' }, t('show')),
  );
}

function totals(items, models) {
  const sum = (model, of) => items.filter((i) => i.model === model).reduce((all, i) => all + Number(of(i)), 0);
  const figure = (text) => h('td', { class: 'figure' }, text);
  const rows = models.map((model, i) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('span', { class: `swatch strength-${Math.min(i, STRENGTHS.length - 1)}` }), model ?? '–'),
      figure(number(sum(model, (x) => x.tasks))),
      figure(number(sum(model, (x) => x.inputTokens))),
      figure(number(sum(model, (x) => x.outputTokens))),
      figure(number(sum(model, (x) => x.cost), 4)),
    ),
  );
  return table(t('page.usage'), ['model', '#tasks', '#input-tokens', '#output-tokens', '#cost'], h('tbody', {}, rows));
}

/** Bars by day, the models on top of each other: the whole stack is drawn first, and what is below it over it. */
function plot(frame, { from, to, items }, models, of) {
  frame.querySelector('.uplot')?.remove();
  const days = [];
  for (let day = Date.parse(from); day <= Date.parse(to); day += DAY) {
    days.push(day);
  }
  const sums = days.map(() => 0);
  const stacked = models.map((model) => days.map((day, i) => (sums[i] += amount(items, model, day, of))));
  const style = getComputedStyle(document.documentElement);
  const [accent, soft, line, back] = ['--accent', '--soft', '--line', '--back'].map((name) => style.getPropertyValue(name).trim());
  const axis = { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const series = models.map((model, i) => ({
    label: String(model),
    fill: `color-mix(in srgb, ${accent} ${100 * STRENGTHS[Math.min(i, STRENGTHS.length - 1)]}%, ${back})`,
    paths: uPlot.paths.bars({ size: [0.7, 28] }),
    points: { show: false },
  }));
  const lang = document.documentElement.lang;
  new uPlot(
    {
      width: frame.clientWidth,
      height: 220,
      legend: { show: false },
      cursor: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: { x: { range: (_, least, most) => [least - 43_200, most + 43_200] }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
      series: [{}, ...series.reverse()],
      axes: [
        { ...axis, space: 70, values: (_, at) => at.map((s) => new Date(s * 1000).toLocaleDateString(lang, { month: 'short', day: 'numeric', timeZone: 'UTC' })) },
        { ...axis, size: 70, values: (_, at) => at.map((v) => number(v, 4)) },
      ],
    },
    [days.map((d) => d / 1000), ...stacked.reverse()],
    frame,
  );
}

function amount(items, model, day, of) {
  return items.filter((i) => i.model === model && Date.parse(i.day) === day).reduce((all, i) => all + of(i), 0);
}
