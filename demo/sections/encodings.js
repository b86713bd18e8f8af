/**
 * Position encodings: any of them with any options, as a heat map and lines, with the formula, the code that makes it, and
 * files to keep. Computes again whenever an option changes.
 */
import { encodings, similarity } from 'wasmformer';
import { documentationOf } from '../../web/documentation.js';
import { rampFor } from '../../web/plot/colors.js';
import { codeOf } from '../code/index.js';
import { TOPICS } from '../docs/topics.js';
import { find, make, withCode } from '../parts/dom.js';
import { createDownloads } from '../parts/downloads.js';
import { createHeatMap } from '../parts/heat-map.js';
import { linePlotElement, MOST_SERIES, parseColumns } from '../parts/line-plot.js';
import { createOptionForm } from '../parts/option-form.js';
import { readState, writeState } from '../parts/state.js';
import { EXAMPLES } from './encoding-examples.js';
import { planeOf, resultsOf, sizeNote, tableOf } from './encoding-tables.js';

/**
 * @typedef {import('wasmformer').Tensor} Tensor
 * @typedef {import('./encoding-examples.js').Example} Example
 */

/** Milliseconds without a key before the encoding is made. */
const PAUSE = 120;
/** Rows that are compared with each other. */
const MOST_COMPARED = 1024;
const FIRST = 'sincos1d';

/** @param {HTMLElement} root the section's element in index.html */
export async function mount(root) {
  const view = viewOf(root);
  const map = createHeatMap(view.map);
  const form = createOptionForm({ first: view.first, rest: view.rest }, () => {
    clearTimeout(timer);
    timer = window.setTimeout(changed, PAUSE);
  });
  let timer = 0;
  let name = '';
  /** What is shown. @type {{ tensor: Tensor, name: string, options: import('../../web/plot/heat-map.js').HeatMapOptions } | null} */
  let shown = null;
  createDownloads(view.downloads, () => shown, view.fail);
  fillNames(view.name);
  const pe = /** @type {Record<string, any>} */ (
    await encodings().catch((error) => view.fail(error.message))
  );
  if (!pe) return;

  function changed() {
    const texts = form.texts();
    for (const [key, text] of Object.entries(texts)) {
      const usual = EXAMPLES[name].options[key] ?? '';
      writeState(`pe.${key}`, text === usual ? null : text);
    }
    compute();
  }

  function compute() {
    view.fail('');
    shown = null;
    try {
      const options = form.options();
      const start = performance.now();
      const result = pe[name](options);
      const milliseconds = performance.now() - start;
      const [script, command] = [codeOf(name, options, 'javascript'), codeOf(name, options, 'shell')];
      view.calls.textContent = `${script}\n\n${command}`;
      const results = resultsOf(result);
      keepChoices(view.result, [...results.keys()]);
      show(/** @type {Tensor} */ (results.get(view.result.value)), options, milliseconds);
    } catch (error) {
      map.clear();
      view.lines.replaceChildren();
      view.status.textContent = '';
      view.fail(/** @type {Error} */ (error).message);
    }
  }

  /** @param {Tensor} whole @param {Record<string, any>} options @param {number} milliseconds */
  function show(whole, options, milliseconds) {
    const { plane, count, index } = planeOf(whole, Number(view.plane.value) || 0);
    view.plane.max = String(count - 1);
    view.plane.value = String(index);
    view.planeField.hidden = count === 1;
    view.planeNote.textContent = `0 to ${count - 1}`;
    const compare = view.show.value === 'similarity';
    if (compare && plane.shape[0] > MOST_COMPARED)
      throw new Error(
        `${plane.shape[0]} rows are too many to compare here; expected at most ${MOST_COMPARED}`,
      );
    const tensor = compare ? similarity(plane) : plane;
    const example = EXAMPLES[name];
    const ramp = rampFor(compare ? tensor.data : whole.data);
    const table = tableOf({ name, tensor, example, ramp, options, compare });
    map.show(table);
    drawLines(tensor, table.names.row, example);
    view.status.textContent = `${whole.dtype} [${whole.shape.join(', ')}], ${sizeNote(whole)}, made in ${milliseconds.toFixed(1)} ms.`;
    const pictureOptions = {
      title: table.title,
      rows: table.names.row,
      columns: table.names.column,
      ramp,
    };
    shown = { tensor, name: compare ? `${name}-similarity` : name, options: pictureOptions };
  }

  /** @param {Tensor} tensor @param {string} rowName @param {Example} example */
  function drawLines(tensor, rowName, example) {
    const [rows, columns] = tensor.shape;
    view.linesField.hidden = rows === 1;
    if (!view.columns.dataset.edited) view.columns.value = example.lines ?? '0';
    const chosen = rows === 1 ? [] : parseColumns(view.columns.value, columns, MOST_SERIES);
    view.columns.toggleAttribute('aria-invalid', chosen === null);
    view.columnsNote.textContent =
      chosen === null
        ? `Columns are “${view.columns.value}”; expected up to ${MOST_SERIES} from 0 to ${columns - 1}, such as 0-3 or 0, 4.`
        : `Up to ${MOST_SERIES}, from 0 to ${columns - 1}.`;
    if (chosen === null) return view.lines.replaceChildren();
    const column = (/** @type {number} */ at) => tensor.slice(null, at).data;
    const series =
      rows === 1
        ? [{ name, values: Array.from(tensor.data, Number) }]
        : chosen.map((at) => ({ name: `column ${at}`, values: Array.from(column(at), Number) }));
    const length = series[0].values.length;
    const title = `${name}: ${series.map((one) => one.name).join(', ')}`;
    const x = Array.from({ length }, (_, i) => i);
    const width = Math.min(Math.max(view.lines.clientWidth, 280), 900);
    view.lines.replaceChildren(
      linePlotElement({ series, x, xName: rows === 1 ? 'place' : rowName, title, width }),
    );
  }

  /** @param {string} wanted */
  function choose(wanted) {
    name = Object.hasOwn(EXAMPLES, wanted) ? wanted : FIRST;
    view.name.value = name;
    const { about, notes, options, result } = documentationOf(name);
    view.about.replaceChildren(...withCode(about));
    const titled = [...notes, { title: 'Result', text: result }];
    view.notes.replaceChildren(
      ...titled.flatMap(({ title, text }) => [make('dt', {}, title), make('dd', {}, ...withCode(text))]),
    );
    const usual = EXAMPLES[name].options;
    form.show(options, Object.keys(usual));
    form.fill(
      Object.fromEntries(options.map(({ name: key }) => [key, readState(`pe.${key}`) ?? usual[key] ?? ''])),
    );
    view.columns.value = readState('pe-columns') ?? '';
    view.columns.dataset.edited = view.columns.value && 'yes';
    view.plane.value = '0';
    compute();
  }

  const restore = () => choose(readState('pe') ?? FIRST);
  view.name.addEventListener('change', () => {
    forget();
    writeState('pe', view.name.value === FIRST ? null : view.name.value);
    restore();
  });
  for (const control of [view.result, view.plane, view.show]) control.addEventListener('input', compute);
  view.columns.addEventListener('input', () => {
    view.columns.dataset.edited = 'yes';
    writeState('pe-columns', view.columns.value || null);
    compute();
  });
  window.addEventListener('hashchange', restore);
  restore();
}

/** Takes the options of the encoding before out of the address. */
function forget() {
  const keys = [...new URLSearchParams(location.hash.slice(1)).keys()];
  for (const key of keys) if (key === 'pe-columns' || key.startsWith('pe.')) writeState(key, null);
}

/** @param {HTMLSelectElement} select */
function fillNames(select) {
  select.replaceChildren(
    ...TOPICS.map(({ title: label, functions }) =>
      make('optgroup', { label }, ...functions.map((value) => make('option', { value, textContent: value }))),
    ),
  );
}

/** Results by name, the one chosen before kept if it is still there. @param {HTMLSelectElement} select @param {string[]} names */
function keepChoices(select, names) {
  const before = select.value;
  select.replaceChildren(
    ...names.map((value) => make('option', { value, textContent: value || 'the table' })),
  );
  select.value = names.includes(before) ? before : names[0];
  /** @type {HTMLElement} */ (select.closest('.field')).hidden = names.length === 1;
}

/** @param {HTMLElement} root */
function viewOf(root) {
  const element = (/** @type {string} */ role) => find(root, role, HTMLElement);
  const failure = element('failure');
  return {
    name: find(root, 'name', HTMLSelectElement),
    result: find(root, 'result', HTMLSelectElement),
    show: find(root, 'show', HTMLSelectElement),
    plane: find(root, 'plane', HTMLInputElement),
    planeField: element('plane-field'),
    planeNote: element('plane-note'),
    columns: find(root, 'columns', HTMLInputElement),
    columnsNote: element('columns-note'),
    about: element('about'),
    notes: element('notes'),
    first: element('first'),
    rest: element('rest'),
    calls: element('calls'),
    status: element('status'),
    map: element('map'),
    lines: element('lines'),
    linesField: element('lines-field'),
    downloads: element('downloads'),
    /** @param {string} message */
    fail: (message) => {
      failure.textContent = message && `${message}.`;
    },
  };
}
