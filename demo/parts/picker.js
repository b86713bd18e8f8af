/**
 * Choosing and loading a model: a folder by its file input or dropped, an address on this server, or a model that the
 * server offers. Knows nothing of what the model is then used for.
 */
import { load } from 'wasmformer';
import { find } from './dom.js';
import { filesOfDrop } from './folder.js';
import { readState, writeState } from './state.js';

/**
 * @typedef {import('wasmformer').Encoder} Encoder
 * @typedef {{ encoder: Encoder, name: string, milliseconds: number }} Loaded
 * @typedef {{ name: string, path: string, bytes: number }} Offer what the server says of a model that it has
 */

/** The folder that holds demo/: addresses of the server's models start here. */
const SERVER = new URL('../..', import.meta.url);

const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);

/**
 * @param {HTMLElement} root the picker's element in index.html
 * @param {(loaded: Loaded) => void} onLoad called with each model that was loaded; the one before it is disposed then
 */
export function createPicker(root, onLoad) {
  const controls = find(root, 'controls', HTMLFieldSetElement);
  const offer = find(root, 'offer', HTMLButtonElement);
  const folder = find(root, 'folder', HTMLInputElement);
  const address = find(root, 'address', HTMLInputElement);
  const open = find(root, 'open', HTMLButtonElement);
  const build = find(root, 'build', HTMLSelectElement);
  const view = viewOf(root);
  /** @type {Encoder | null} */
  let current = null;

  /**
   * @param {Parameters<typeof load>[0]} source
   * @param {string} name
   */
  async function use(source, name) {
    controls.disabled = true;
    view.begin(name);
    const start = performance.now();
    try {
      const simd = /** @type {'auto' | 'base' | 'relaxed'} */ (build.value);
      const encoder = await load(source, { simd, progress: view.progress });
      const loaded = { encoder, name, milliseconds: performance.now() - start };
      view.succeed(loaded);
      current?.dispose();
      current = encoder;
      onLoad(loaded);
    } catch (error) {
      view.fail(/** @type {Error} */ (error).message);
    } finally {
      controls.disabled = false;
    }
  }

  folder.addEventListener('click', () => {
    folder.value = ''; // so that choosing the same folder again is a change
  });
  folder.addEventListener('change', () => {
    const files = [...(folder.files ?? [])];
    if (files.length) use(files, files[0].webkitRelativePath.split('/')[0] || 'the model');
  });
  open.addEventListener('click', () => {
    const url = addressOf(address.value);
    if (url) use(url, url.pathname);
    else
      view.fail(`“${address.value}” is not an address on this server; expected one such as /models/minilm/`);
  });
  address.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') open.click();
  });
  acceptDrops(root, async (transfer) => {
    if (controls.disabled) return;
    const dropped = await filesOfDrop(transfer).catch(() => null);
    if (dropped?.files.size) use(dropped.files, dropped.name);
    else view.fail('what was dropped is not a folder with files; expected a model’s folder');
  });
  rememberBuild(build);
  findOffer().then((found) => {
    if (!found) return;
    offer.hidden = false;
    offer.textContent = `Load ${found.name} (${Math.round(found.bytes / 1e6)}\u00a0MB)`;
    offer.addEventListener('click', () => use(new URL(found.path, SERVER), found.name));
  });
}

/** What the picker shows while and after a model is loaded. @param {HTMLElement} root */
function viewOf(root) {
  const loading = find(root, 'loading', HTMLElement);
  const bar = find(root, 'progress', HTMLProgressElement);
  const bytes = find(root, 'bytes', HTMLElement);
  const good = find(root, 'loaded', HTMLElement);
  const bad = find(root, 'error', HTMLElement);
  return {
    /** @param {string} name */
    begin(name) {
      loading.hidden = false;
      bar.value = 0;
      bytes.textContent = `opening ${name}`;
      good.textContent = '';
      bad.textContent = '';
    },
    /** @param {{ file: string, loaded: number, total: number }} state */
    progress({ file, loaded, total }) {
      bar.value = loaded / total;
      bytes.textContent = `${file}: ${megabytes(loaded)} of ${megabytes(total)} MB`;
    },
    /** @param {Loaded} loaded */
    succeed({ encoder, name, milliseconds }) {
      loading.hidden = true;
      const limit = Number.isFinite(encoder.maxLength)
        ? `, up to ${encoder.maxLength} tokens a sentence`
        : '';
      good.textContent = `${name} is ready after ${Math.round(milliseconds)} ms: ${encoder.modelType}, ${encoder.dimensions} dimensions${limit}.`;
    },
    /** @param {string} message */
    fail(message) {
      loading.hidden = true;
      bad.textContent = `The model was not loaded: ${message}.`;
    },
  };
}

/** @param {HTMLElement} target @param {(transfer: DataTransfer) => void} onDrop */
function acceptDrops(target, onDrop) {
  // Elsewhere on the page a drop would leave it for the file's own view.
  for (const name of ['dragover', 'drop']) document.addEventListener(name, (event) => event.preventDefault());
  target.addEventListener('dragover', () => target.classList.add('dropping'));
  target.addEventListener('dragleave', () => target.classList.remove('dropping'));
  target.addEventListener('drop', (event) => {
    target.classList.remove('dropping');
    if (event.dataTransfer) onDrop(event.dataTransfer);
  });
}

/** The choice of a build is part of the page's state. @param {HTMLSelectElement} select */
function rememberBuild(select) {
  const wanted = readState('build');
  if ([...select.options].some((option) => option.value === wanted))
    select.value = /** @type {string} */ (wanted);
  select.addEventListener('change', () => writeState('build', select.value === 'auto' ? null : select.value));
}

/** @param {string} text @returns {URL | null} an address on this page's own server: the policy allows no other */
function addressOf(text) {
  const wanted = text.trim();
  if (!wanted || !URL.canParse(wanted, location.href)) return null;
  const url = new URL(wanted, location.href);
  return url.origin === location.origin ? url : null;
}

/** @returns {Promise<Offer | null>} a model that the server has */
async function findOffer() {
  const response = await fetch(new URL('models/index.json', SERVER)).catch(() => null);
  if (!response?.ok) return null;
  const offers = await response.json().catch(() => []);
  return offers[0] ?? null;
}
