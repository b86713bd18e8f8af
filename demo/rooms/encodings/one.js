/** One encoding: what it does, its numbers, its formula, its code in four languages, its reference. */

import { Tensor } from '../../../bindings/tensor.js';
import { NAMES as ALL, documentationOf } from '../../../web/documentation.js';
import { NAMES_OF } from '../../code/names.js';
import { PICTURES } from '../../docs/pictures/index.js';
import { writeAddress } from '../../parts/address.js';
import { select } from '../../parts/controls.js';
import { pe } from '../../parts/core.js';
import { make } from '../../parts/dom.js';
import { createHeat } from '../../parts/heat.js';
import { onceAFrame, wait } from '../../parts/motion.js';
import { saveMenu } from '../../parts/save.js';
import { codePanel } from './code-panel.js';
import { FIGURES } from './figures/index.js';
import { formula, head } from './head.js';
import { optionControls, readOptions } from './option-controls.js';
import { reference } from './reference.js';
import { gridOf, planeOf, resultsOf } from './tables.js';
import { createAlike, createRow } from './views.js';

/** Numbers that the page draws at once. */
const MOST = 1 << 20;

/**
 * @param {HTMLElement} root
 * @param {import('../../main.js').Page} page
 * @param {string} name
 * @param {URLSearchParams} params options that are numbers, lists of them, names or switches; mark: the marked row
 */
export async function showOne(root, page, name, params) {
  const { title } = NAMES_OF[name];
  page.title(title);
  const documentation = documentationOf(name);
  const core = await pe();
  if (page.signal.aborted) return;
  const own = await FIGURES[name]?.();
  const picture = { ...PICTURES[name](core), ...own?.NUMBERS };
  const starts = { ...picture.options, ...own?.OPTIONS };
  const { options, given } = readOptions(documentation.options, starts, params);
  const axes = { row: picture.rows ?? 'row', column: picture.columns ?? 'number' };
  const heat = createHeat({
    label: `The numbers of ${title}`,
    say: page.say,
    onMark: () => {
      if (!shownTensor) return;
      row.show(shownTensor, heat.mark());
      alike.mark(heat.mark().row);
      figure?.mark?.(heat.mark().row, heat.mark().column);
      keepAddress();
    },
  });
  const alike = createAlike(axes.row, page, (at) => heat.setMark(at, heat.mark().column));
  const row = await createRow(axes, (column) => heat.setMark(heat.mark().row, column));
  /** What the figure has in the address. @type {Record<string, string | undefined>} */
  const kept = {};
  const figure = await own?.create({
    ...{ core, page, params },
    hold(at, column = heat.mark().column, inPlane = plane) {
      if (inPlane !== plane) {
        plane = inPlane;
        soon();
      }
      heat.setMark(at, column);
    },
    change(values) {
      change(values);
      for (const [key, value] of Object.entries(values)) panel.set(key, value);
    },
    keep: (key, value) => {
      kept[key] = value;
      keepAddress();
    },
  });
  if (page.signal.aborted) return;
  const message = make('p', { className: 'fault', role: 'alert', hidden: true });
  const controls = make('div');
  const chooser = make('div', { className: 'chips' });
  const code = codePanel(await import('../../code/index.js'));
  let [chosen, plane] = ['', 0];
  /** @type {Tensor | undefined} */
  let shownTensor;

  const compute = () => {
    message.hidden = true;
    try {
      own?.fit?.(options);
      const results = resultsOf(Reflect.get(core, name)(options));
      if (!results.size) throw new Error('with these options there is no table');
      if (!results.has(chosen)) chosen = [...results.keys()][0];
      const whole = /** @type {Tensor} */ (results.get(chosen));
      const found = planeOf(whole, plane);
      if (found.rows * found.columns > MOST)
        throw new Error(
          `${found.rows} × ${found.columns} numbers are too many to draw; expected at most ${MOST}`,
        );
      plane = found.index;
      const { data, rows, columns } = found;
      const numbers = data instanceof Float32Array ? data.slice() : Float32Array.from(data, Number);
      shownTensor = new Tensor('float32', numbers, [rows, columns]);
      const names = found.rows === 1 ? { row: axes.row, column: 'place' } : axes;
      heat.show({ ...found, names, parts: figure?.parts?.(options) });
      save.redraw();
      showChoices([...results.keys()], found.count);
      if (!figure?.showsLikeness) alike.show(shownTensor, gridOf(options, found.rows), heat.mark().row);
      row.show(shownTensor, heat.mark());
      figure?.show(options, results);
      code.show(name, options);
    } catch (error) {
      message.hidden = false;
      message.textContent = `${/** @type {Error} */ (error).message}.`;
    }
  };
  const soon = onceAFrame(compute);

  /** @param {string[]} names @param {number} count */
  function showChoices(names, count) {
    chooser.replaceChildren(
      ...(names.length > 1
        ? [
            select({
              name: 'Result',
              choices: names,
              value: chosen,
              change: (value) => {
                chosen = value;
                soon();
              },
            }),
          ]
        : []),
      ...(count > 1
        ? [
            select({
              name: 'Plane',
              choices: Array.from({ length: Math.min(count, 64) }, (_, i) => `plane ${i} of ${count}`),
              value: `plane ${plane} of ${count}`,
              change: (value) => {
                plane = Number(value.split(' ')[1]);
                soon();
              },
            }),
          ]
        : []),
    );
  }

  function keepAddress() {
    const { row: at, column } = heat.mark();
    writeAddress('encodings', [name], {
      ...given,
      ...kept,
      mark: at || column ? `${at},${column}` : undefined,
    });
  }

  /** @param {Record<string, any>} values */
  function change(values) {
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) delete options[key];
      else options[key] = value;
      // A table has no place in an address, a list has.
      given[key] = typeof value === 'object' && !Array.isArray(value) ? undefined : value;
    }
    keepAddress();
    soon();
  }

  if (figure?.controls) controls.append(figure.controls);
  const generated = documentation.options.filter((option) => !figure?.own?.includes(option.name));
  const panel = optionControls(generated, options, (key, value) => change({ [key]: value }));
  controls.append(panel);
  const caption = () => `${title} (${name}), wasmformer`;
  const save = saveMenu({
    ...{ name, caption, picture: () => heat.picture(), bar: () => heat.barPicture() },
    tensor: () => /** @type {Tensor} */ (shownTensor),
  });
  page.onTheme(() => {
    heat.draw();
    alike.draw();
    figure?.draw?.();
  });
  const numbers = make(
    'figure',
    {},
    heat.root,
    make(
      'figcaption',
      {},
      ...(figure ? [] : [make('b', {}, 'The numbers themselves'), ' ']),
      figure?.about ?? picture.about,
    ),
  );
  const beside = make('div', {}, controls, chooser, save);
  root.append(
    ...head(name),
    make('div', { className: 'one-top' }, make('div', {}, figure?.root ?? numbers, message), beside),
    ...(figure?.more ?? []),
    ...(figure ? [numbersPart(numbers, figure.beside)] : []),
    make(
      'section',
      { className: figure ? 'one-views' : 'rule one-views' },
      row.root,
      ...(figure?.showsLikeness ? [] : [alike.root]),
    ),
    make(
      'section',
      { className: 'rule one-code' },
      make('div', {}, make('h2', {}, 'As a formula'), await formula(name)),
      code.root,
    ),
    make('section', { className: 'rule' }, reference(documentation)),
  );
  await wait(0); // the page is laid out before the numbers are made
  if (page.signal.aborted) return;
  compute();
  const [markRow, markColumn] = (params.get('mark') ?? '').split(',').map(Number);
  if (params.has('mark') && Number.isInteger(markRow)) heat.setMark(markRow, markColumn || 0);
}

/** @param {HTMLElement} numbers @param {HTMLElement} [beside] */
function numbersPart(numbers, beside) {
  const main = make('div', { className: 'one-numbers' }, make('h2', {}, 'The numbers themselves'), numbers);
  return make(
    'section',
    { className: beside ? 'rule one-beside' : 'rule' },
    ...(beside ? [beside] : []),
    main,
  );
}

/** Whether there is an encoding of this name. @param {string} name */
export const isEncoding = (name) => ALL.includes(name);
