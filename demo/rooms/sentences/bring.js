/** Bringing a model: the one that the server offers, a hub id or an address, a folder chosen or dropped; with progress and a way out. */
import { button, control } from '../../parts/controls.js';
import { visitorModel } from '../../parts/core.js';
import { make } from '../../parts/dom.js';
import { faultOf, folderButton, takeDrops } from '../../parts/drop.js';
import { createOpening } from '../../parts/opening.js';

const HUB = 'sentence-transformers/all-MiniLM-L6-v2';
/** Bytes of its weights, where no server has told. */
const HUB_BYTES = 90_868_376;
const WANTED = /** @type {const} */ ({ reads: 'texts', need: 'sentences need one such as MiniLM' });

/** @typedef {Awaited<ReturnType<typeof visitorModel>>} Model */

/**
 * @param {object} given
 * @param {import('../../main.js').Page} given.page
 * @param {(model: Model, name: string) => Promise<void>} given.take may refuse by an error
 * @param {(file: File) => boolean} given.takeFile a single file that the room can use; false if it cannot
 */
export function bring({ page, take, takeFile }) {
  const offered = { source: /** @type {string | URL} */ (HUB), bytes: HUB_BYTES };
  const { progress, fault, complain, run } = createOpening(page.signal, WANTED.need);

  /** @param {string | URL | Map<string, File>} source @param {string} name */
  const use = (source, name) =>
    run(name, source, async (hooks) => {
      const model = await visitorModel(source, hooks);
      if (hooks.signal.aborted) return model.encoder.dispose();
      await take(model, name).catch((error) => {
        model.encoder.dispose();
        throw error;
      });
      if (source === offered.source) main.hidden = true;
      page.say(`${name} is loaded.`);
    });

  /** @param {import('../../parts/drop.js').Brought} brought */
  async function useFolder(brought) {
    const [first] = brought.files.values();
    if (!brought.isFolder && first && takeFile(first)) return complain('');
    const wrong = await faultOf(brought, WANTED);
    if (wrong) complain(wrong);
    else use(brought.files, brought.name);
  }
  takeDrops(page.signal, useFolder);

  const links = /** @type {HTMLButtonElement[]} */ ([]);
  const words = () => `MiniLM, ${Math.floor(offered.bytes / 1e6)} MB`;
  /** A button that loads what is offered. @param {string} className @param {string} verb */
  const offer = (className, verb) => {
    const made = button(`${verb} ${words()}`, () => use(offered.source, 'MiniLM'), { className });
    made.dataset.verb = verb;
    links.push(made);
    return made;
  };
  findOffer(page.signal).then((found) => {
    if (!found) return;
    Object.assign(offered, found);
    for (const link of links) link.textContent = `${link.dataset.verb} ${words()}`;
  });

  const choose = folderButton('Choose a folder', useFolder);
  const address = make('input', {
    type: 'text',
    className: 'wide',
    'aria-label': 'Hub id or address',
    placeholder: HUB,
    spellcheck: false,
    autocomplete: 'off',
  });
  const open = () => {
    const wanted = address.value.trim();
    if (!wanted) return complain(`Type a model’s hub id, such as ${HUB}, or its address.`);
    use(wanted, wanted.replace(/\/+$/, '').split('/').at(-1) ?? wanted);
  };
  address.addEventListener('keydown', ({ key }) => key === 'Enter' && open());
  const other = make(
    'details',
    {},
    make('summary', { className: 'caption' }, 'Another model'),
    control('Hub id or address', make('div', { className: 'beside' }, address, button('Load', open))),
  );
  const main = offer('button main', 'Load');
  const panel = make(
    'div',
    {},
    make('div', { className: 'chips' }, main, choose.button, choose.input),
    other,
  );
  return { panel, offer, status: make('div', { className: 'status' }, progress, fault), complain };
}

/** A model that the server has. @param {AbortSignal} signal @returns {Promise<{ source: URL, bytes: number } | null>} */
async function findOffer(signal) {
  const list = new URL('models/index.json', document.baseURI);
  const answer = await fetch(list, { signal }).catch(() => null);
  const offers = answer?.ok ? await answer.json().catch(() => []) : [];
  const first = offers.find((/** @type {{ kind: string }} */ { kind }) => kind === 'text');
  return first ? { source: new URL(first.path, document.baseURI), bytes: first.bytes } : null;
}
