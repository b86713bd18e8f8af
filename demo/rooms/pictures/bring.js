/** What the visitor brings: a picture by choice, drop, paste or camera; a network by its folder, hub id or address, or the page's. */
import { button, control } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';
import { faultOf, folderButton, takeDrops } from '../../parts/drop.js';
import { createCamera } from './camera.js';
import { NEED } from './network.js';

const HUB = 'facebook/dinov2-small';
/** Bytes of its weights there, where the page's server has none. */
const HUB_BYTES = 88_250_000;

/**
 * @param {object} given
 * @param {import('../../main.js').Page} given.page
 * @param {HTMLElement} given.place of the picture
 * @param {(file: Blob, name: string) => void} given.takePicture
 * @param {(source: unknown, name: string, what?: import('./network.js').Picture) => Promise<boolean>} given.open
 * @param {(text: string) => void} given.complain
 */
export function createBring({ page, place, takePicture, open, complain }) {
  const { signal } = page;
  const offered = { source: HUB, bytes: HUB_BYTES };
  const words = () => `DINOv2, ${Math.round(offered.bytes / 1e6)} MB`;

  /** @param {import('../../parts/drop.js').Brought} brought */
  async function take(brought) {
    const [file] = brought.files.values();
    const all = [...brought.files.values()];
    if (file && (!brought.isFolder || all.every(isPicture))) {
      if (isPicture(file)) return takePicture(file, file.name);
      if (!/\.(safetensors|json|txt|bin|onnx)$/i.test(file.name))
        return complain(`${file.name} is no picture: JPEG, PNG, WebP, GIF and AVIF are read.`);
    }
    const wrong = await faultOf(brought, { reads: 'pictures', need: NEED });
    if (wrong) complain(wrong);
    else open(brought.files, brought.name === 'The model' ? 'this model' : brought.name);
  }
  takeDrops(signal, take);
  document.addEventListener(
    'paste',
    (event) => {
      const file = [...(event.clipboardData?.files ?? [])][0];
      if (!file) return;
      event.preventDefault();
      take({ name: file.name, files: new Map([[file.name, file]]), isFolder: false });
    },
    { signal },
  );

  const chooser = make('input', { type: 'file', accept: 'image/*', hidden: true, tabIndex: -1 });
  chooser.addEventListener('change', () => {
    const file = chooser.files?.[0];
    if (file) take({ name: file.name, files: new Map([[file.name, file]]), isFolder: false });
    chooser.value = ''; // so that choosing the same picture again is a change
  });
  const camera = createCamera(place, {
    signal,
    complain,
    take: (picture) => takePicture(picture, 'the camera’s picture'),
  });

  const loads = /** @type {HTMLButtonElement[]} */ ([]);
  /** A button that loads what is offered. @param {string} className @param {string} verb */
  const offer = (className, verb) => {
    const made = button(`${verb} ${words()}`, () => open(offered.source, 'DINOv2 (small)'), { className });
    made.dataset.verb = verb;
    loads.push(made);
    return made;
  };
  findOffer(signal).then((found) => {
    if (!found) return;
    Object.assign(offered, found);
    for (const one of loads) one.textContent = `${one.dataset.verb} ${words()}`;
  });

  const folder = folderButton('Choose a folder', take);
  const address = make('input', {
    type: 'text',
    className: 'wide',
    'aria-label': 'Hub id or address',
    placeholder: 'openai/clip-vit-base-patch32',
    spellcheck: false,
    autocomplete: 'off',
  });
  const openAddress = () => {
    const wanted = address.value.trim();
    if (!wanted) return complain(`Type a model’s hub id, such as ${HUB}, or its address.`);
    open(wanted, wanted.replace(/\/+$/, '').split('/').at(-1) ?? wanted);
  };
  address.addEventListener('keydown', ({ key }) => key === 'Enter' && openAddress());
  const others = make(
    'div',
    { className: 'others', hidden: true },
    make('div', { className: 'chips' }, offer('button', 'Load'), folder.button, folder.input),
    control('Hub id or address', make('div', { className: 'beside' }, address, button('Load', openAddress))),
  );
  const digit = button('A digit', async () => {
    try {
      const { aDigit } = await import('./digit.js');
      const { picture, files } = await aDigit();
      if (!signal.aborted) await open(files, 'the page’s own network', picture);
    } catch {
      complain('The digit could not be fetched: is there a network?');
    }
  });
  const another = button(
    'Another model',
    () => {
      others.hidden = !others.hidden;
      another.setAttribute('aria-expanded', String(!others.hidden));
    },
    { 'aria-expanded': false },
  );
  const chips = make(
    'div',
    { className: 'chips line' },
    button('Your own picture', () => chooser.click(), { main: true }),
    chooser,
    button('Camera', camera),
    digit,
    another,
  );
  return { chips, others, offer };
}

/** @param {File} file */
const isPicture = ({ type, name }) =>
  type ? /^image\/(?!svg)/.test(type) : /\.(jpe?g|png|webp|gif|avif|bmp|heic)$/i.test(name);

/** A model that the server has. @param {AbortSignal} signal @returns {Promise<{ source: string, bytes: number } | null>} */
async function findOffer(signal) {
  const answer = await fetch(new URL('models/index.json', document.baseURI), { signal }).catch(() => null);
  const offers = answer?.ok ? await answer.json().catch(() => []) : [];
  const found = offers.find((/** @type {{ kind: string }} */ { kind }) => kind === 'picture');
  return found ? { source: new URL(found.path, document.baseURI).href, bytes: found.bytes } : null;
}
