/**
 * Swin's relative position bias: a head's table by offset, the bias of all pairs of a window, what one patch prefers, and
 * what a shifted window hides. Tables come from a model's file, from a .npy file, or are made up.
 */
import { encodings } from 'wasmformer';
import { find, make } from '../parts/dom.js';
import { createDownloads } from '../parts/downloads.js';
import { createHeatMap } from '../parts/heat-map.js';
import { readState, writeState } from '../parts/state.js';
import { madeUpTable, tablesOf } from './window-bias-tables.js';
import { offsetTable, pairTable, preferenceTable, withMask } from './window-bias-views.js';

/** @typedef {import('./window-bias-tables.js').Named} Named */

/** The numbers that are part of the page's state, and what they are at first. */
const NUMBERS = { window: 7, y: 3, x: 3, shift: 3, across: 2, index: 3 };

/** @param {HTMLElement} root the section's element in index.html */
export async function mount(root) {
  const view = viewOf(root);
  const choose = (/** @type {import('../parts/heat-map.js').Cell} */ { row, column }) => {
    view.numbers.y.value = String(row);
    view.numbers.x.value = String(column);
    changed();
  };
  const maps = {
    preference: createHeatMap(view.preference, { onChoose: choose }),
    offsets: createHeatMap(view.offsets),
    pairs: createHeatMap(view.pairs),
  };
  /** Tables of the visitor's file. @type {Named[] | null} */
  let own = null;
  /** @type {Parameters<typeof createDownloads>[1] extends () => infer R ? R : never} */
  let shown = null;
  createDownloads(view.downloads, () => shown, view.fail);
  const pe = await encodings().catch((error) => {
    view.fail(error.message);
    return null;
  });
  if (!pe) return;

  function changed() {
    for (const [name, usual] of Object.entries(NUMBERS)) {
      const { value } = view.numbers[/** @type {keyof typeof NUMBERS} */ (name)];
      writeState(`swin.${name}`, value === String(usual) ? null : value);
    }
    writeState('swin.head', view.head.value === '0' ? null : view.head.value);
    writeState('swin.shifted', view.shifted.checked ? '1' : null);
    draw();
  }

  function draw() {
    shown = null;
    view.fail('');
    try {
      show();
    } catch (error) {
      for (const map of Object.values(maps)) map.clear();
      view.status.textContent = '';
      view.fail(/** @type {Error} */ (error).message);
    }
  }

  function show() {
    if (!pe) return;
    const chosen = own ? own[Number(view.layer.value) || 0] : madeUpTable(numberOf('window', 2, 12));
    const { name, table, side } = chosen;
    const heads = keepHeads(view.head, table.shape[1]);
    const bias = pe.windowBias({ window: side, table }).slice(heads.chosen);
    const [y, x] = [numberOf('y', 0, side - 1), numberOf('x', 0, side - 1)];
    const mask = view.shifted.checked ? maskOf(side) : null;
    const pairs = withMask(bias, mask);
    const query = { row: y, column: x };
    const head = `head ${heads.chosen}`;
    maps.preference.show(preferenceTable(pairs, side, query, head), query);
    maps.offsets.show(offsetTable(table.slice(null, heads.chosen), side, head));
    maps.pairs.show(pairTable(pairs, side, head));
    const hidden = mask
      ? `, ${Array.from(mask.data).filter((value) => value !== 0).length} pairs hidden by the shift`
      : '';
    view.status.textContent = `${name}: windows of ${side} x ${side}, ${table.shape[1]} heads, ${table.shape[0]} offsets${hidden}.`;
    shown = {
      tensor: pairs,
      name: `window-bias-head-${heads.chosen}`,
      options: { title: `bias of ${head}`, rows: 'query', columns: 'key', ramp: 'diverging' },
    };
  }

  /** The mask of the chosen window of a map. @param {number} side */
  function maskOf(side) {
    const shift = numberOf('shift', 0, side - 1);
    const across = numberOf('across', 2, 8);
    const index = numberOf('index', 0, across * across - 1);
    const size = side * across;
    return /** @type {import('../../web/encodings.js').Encodings} */ (pe)
      .shiftedWindowMask({ height: size, width: size, window: side, shift })
      .slice(index);
  }

  /** @param {keyof typeof NUMBERS} name @param {number} min @param {number} max */
  function numberOf(name, min, max) {
    const input = view.numbers[name];
    const value = Number(input.value);
    Object.assign(input, { min: String(min), max: String(max) });
    const isGood = input.value !== '' && Number.isInteger(value) && value >= min && value <= max;
    input.toggleAttribute('aria-invalid', !isGood);
    const label = input.labels?.[0]?.textContent?.trim();
    if (!isGood)
      throw new Error(
        `“${label}” is ${input.value || 'empty'}; expected a whole number from ${min} to ${max}`,
      );
    return value;
  }

  /** @param {File} file */
  async function open(file) {
    try {
      own = await tablesOf(file);
    } catch (error) {
      return view.fail(`${file.name} was not opened: ${/** @type {Error} */ (error).message}`);
    }
    view.layer.replaceChildren(
      ...own.map(({ name }, i) => make('option', { value: String(i), textContent: name })),
    );
    view.layerField.hidden = own.length === 1;
    view.windowField.hidden = true;
    view.source.textContent = `${file.name}: ${own.length} ${own.length === 1 ? 'table' : 'tables'}.`;
    for (const name of /** @type {const} */ (['y', 'x', 'shift']))
      view.numbers[name].value = String(Math.floor(own[0].side / 2));
    changed();
  }

  const restore = () => {
    for (const [name, usual] of Object.entries(NUMBERS))
      view.numbers[/** @type {keyof typeof NUMBERS} */ (name)].value =
        readState(`swin.${name}`) ?? String(usual);
    view.head.dataset.wanted = readState('swin.head') ?? '0';
    view.shifted.checked = readState('swin.shifted') === '1';
    view.shiftFields.hidden = !view.shifted.checked;
    draw();
  };
  view.source.textContent = 'Until then: a made-up table of three heads, each with a taste of its own.';
  view.file.addEventListener('change', () => view.file.files?.[0] && open(view.file.files[0]));
  view.shifted.addEventListener('input', () => {
    view.shiftFields.hidden = !view.shifted.checked;
  });
  for (const input of [...Object.values(view.numbers), view.head, view.layer, view.shifted])
    input.addEventListener('input', changed);
  window.addEventListener('hashchange', restore);
  restore();
}

/** The list of heads, the one chosen before kept if it is still there. @param {HTMLSelectElement} select @param {number} count */
function keepHeads(select, count) {
  const wanted = Number(select.dataset.wanted ?? select.value) || 0;
  delete select.dataset.wanted;
  const chosen = wanted < count ? wanted : 0;
  const option = (/** @type {number} */ head) =>
    make('option', { value: String(head), textContent: `head ${head}` });
  select.replaceChildren(...Array.from({ length: count }, (_, head) => option(head)));
  select.value = String(chosen);
  return { chosen };
}

/** @param {HTMLElement} root */
function viewOf(root) {
  const element = (/** @type {string} */ role) => find(root, role, HTMLElement);
  const input = (/** @type {string} */ role) => find(root, role, HTMLInputElement);
  const failure = element('failure');
  return {
    numbers: {
      ...{ window: input('window'), y: input('y'), x: input('x') },
      ...{ shift: input('shift'), across: input('across'), index: input('index') },
    },
    file: input('file'),
    shifted: input('shifted'),
    layer: find(root, 'layer', HTMLSelectElement),
    head: find(root, 'head', HTMLSelectElement),
    layerField: element('layer-field'),
    windowField: element('window-field'),
    shiftFields: element('shift-fields'),
    source: element('source'),
    status: element('status'),
    preference: element('preference'),
    offsets: element('offsets'),
    pairs: element('pairs'),
    downloads: element('downloads'),
    /** @param {string} message */
    fail: (message) => {
      failure.textContent = message && `${message}.`;
    },
  };
}
