/** Tables of windows that a visitor's network has learned: its folder dropped or chosen, a table for each of its layers. */
import { button, control, select } from '../../../../parts/controls.js';
import { make } from '../../../../parts/dom.js';
import { faultOf, folderButton, takeDrops } from '../../../../parts/drop.js';
import { createOpening } from '../../../../parts/opening.js';

/**
 * @typedef {import('../../../../../bindings/tensor.js').Tensor<'float32'>} Table
 *
 * @typedef {object} Learned
 * @property {string} of the network's name
 * @property {Map<string, Table>} tables by their layers
 * @property {string} layer of the one that is shown
 */

const END = /\.?(attention\.|attn\.|self\.|relative_position_bias\.)*relative_position_bias_table$/;
const NEED = 'this figure needs one with a table for its windows, such as Swin';
/** What a class token adds to a table: its rows from, to and at itself. */
const OF_CLASS = 3;

/**
 * The square window that a table of so many rows is for.
 * @param {number} rows
 * @returns {{ window: number, classToken: boolean | undefined } | null}
 */
export function windowOf(rows) {
  for (const extra of [0, OF_CLASS]) {
    const side = Math.sqrt(rows - extra);
    if (side % 2 === 1) return { window: (side + 1) / 2, classToken: extra > 0 || undefined };
  }
  return null;
}

/** @param {unknown} source as `load` takes it @param {Pick<import('../../../../../bindings/public.js').LoadOptions, 'progress' | 'signal'>} options */
async function tablesOf(source, options) {
  const { load } = await import('../../../../../web/index.js');
  const encoder = await load(/** @type {any} */ (source), { worker: true, ...options });
  try {
    const found = (await encoder.weights()).filter(
      ({ name, shape }) => END.test(name) && windowOf(shape[0]) !== null,
    );
    if (!found.length) return null;
    /** @type {Map<string, Table>} */
    const tables = new Map();
    for (const { name } of found)
      tables.set(name.replace(END, '') || 'every layer', await encoder.weight(name));
    return tables;
  } finally {
    await encoder.dispose();
  }
}

/**
 * @param {object} given
 * @param {import('../../../../main.js').Page} given.page
 * @param {Learned | undefined} given.learned what was brought before
 * @param {(learned: Learned | undefined) => void} given.take another table, or none any more
 */
export function createBrought({ page, learned, take }) {
  let now = learned;
  const { progress, fault, complain, run } = createOpening(page.signal, NEED);

  /** @param {import('../../../../parts/drop.js').Brought} brought */
  const bring = (brought) =>
    run(brought.name, brought.files, async (hooks) => {
      const wrong = await faultOf(brought, { reads: 'pictures', need: NEED });
      const tables = wrong ? null : await tablesOf(brought.files, hooks);
      if (hooks.signal.aborted) return;
      if (!tables) return complain(wrong ?? `${brought.name} has no table of a window’s offsets; ${NEED}.`);
      show({ of: brought.name, tables, layer: [...tables.keys()][0] });
      page.say(`The tables of ${brought.name} are shown.`);
    });
  takeDrops(page.signal, bring);

  const choose = folderButton('Choose a Swin’s folder', bring);
  const away = button('The page’s own tables', () => show(undefined));
  const layers = make('div');

  function draw() {
    away.hidden = !now;
    layers.replaceChildren();
    if (!now) return;
    const { tables, layer } = now;
    const choices = [...tables.keys()];
    const change = (/** @type {string} */ to) => now && show({ ...now, layer: to });
    if (choices.length > 1)
      layers.append(control('Layer', select({ name: 'Layer', choices, value: layer, change })));
  }
  /** @param {Learned | undefined} next */
  function show(next) {
    const isSame = next?.tables === now?.tables;
    now = next;
    if (!isSame) draw();
    take(now);
  }
  draw();
  return make(
    'div',
    { className: 'control' },
    layers,
    make('div', { className: 'chips' }, choose.button, choose.input, away),
    progress,
    fault,
  );
}
