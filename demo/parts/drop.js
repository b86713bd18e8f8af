/**
 * A model's folder, dropped anywhere on the page or chosen: its files by their paths, as `load` takes them; and what to say of a
 * folder that is none, or of a model that could not be loaded.
 */
import { button } from './controls.js';
import { make } from './dom.js';

/** Deepest folder that a model has (`1_Pooling/config.json` lies one deep). */
const DEEPEST = 3;

/**
 * @typedef {object} Brought
 * @property {string} name of the folder or the file
 * @property {Map<string, File>} files by their paths in the folder
 * @property {boolean} isFolder false for a single file
 */

/**
 * Takes what is dropped anywhere on the page, as long as the room is shown.
 * @param {AbortSignal} signal
 * @param {(brought: Brought) => void} take
 */
export function takeDrops(signal, take) {
  const { classList } = document.documentElement;
  const hasFiles = (/** @type {DragEvent} */ { dataTransfer }) => dataTransfer?.types.includes('Files');
  const on = (
    /** @type {'dragover' | 'dragleave' | 'drop'} */ name,
    /** @type {(event: DragEvent) => void} */ act,
  ) => document.addEventListener(name, (event) => hasFiles(event) && act(event), { signal });
  on('dragover', (event) => {
    event.preventDefault();
    classList.add('dropping');
  });
  on('dragleave', (event) => {
    if (!event.relatedTarget) classList.remove('dropping');
  });
  on('drop', async (event) => {
    event.preventDefault(); // else the browser would leave the page for the file
    classList.remove('dropping');
    if (event.dataTransfer) take(await filesOfDrop(event.dataTransfer));
  });
  signal.addEventListener('abort', () => classList.remove('dropping'));
}

/** @param {DataTransfer} transfer @returns {Promise<Brought>} */
async function filesOfDrop(transfer) {
  // Entries are gone once the event is over: all are asked for before anything is awaited.
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  /** @type {Map<string, File>} */
  const files = new Map();
  const [first] = entries;
  if (!first) {
    // What scripts drop has no entries.
    for (const file of transfer.files) files.set(file.name, file);
    return { name: 'The model', files, isFolder: files.size > 1 };
  }
  const isOne = entries.length === 1 && isFolder(first);
  for (const entry of isOne ? await childrenOf(first) : entries) await collect(entry, '', files);
  const name = entries.length === 1 ? first.name : 'The model';
  return { name, files, isFolder: isOne || entries.length > 1 };
}

/** @param {FileSystemEntry} entry @param {string} above @param {Map<string, File>} files to fill @param {number} [depth] */
async function collect(entry, above, files, depth = 0) {
  if (isFolder(entry)) {
    if (depth === DEEPEST) return;
    for (const child of await childrenOf(entry))
      await collect(child, `${above}${entry.name}/`, files, depth + 1);
  } else {
    const file = /** @type {FileSystemFileEntry} */ (entry);
    files.set(above + entry.name, await new Promise((resolve, reject) => file.file(resolve, reject)));
  }
}

/** @param {FileSystemEntry} entry @returns {entry is FileSystemDirectoryEntry} */
const isFolder = (entry) => entry.isDirectory;

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<FileSystemEntry[]>} */
async function childrenOf(folder) {
  const reader = folder.createReader();
  const all = [];
  // A reader gives a hundred entries at a time, and none when it has given all.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** The files of a chosen folder; its own name leads every path. @param {Iterable<File>} chosen @returns {Brought} */
export function filesOfFolder(chosen) {
  const list = [...chosen];
  const pathOf = (/** @type {File} */ file) =>
    file.webkitRelativePath.split('/').slice(1).join('/') || file.name;
  const name = list[0]?.webkitRelativePath.split('/')[0] || 'the folder';
  return { name, files: new Map(list.map((file) => [pathOf(file), file])), isFolder: true };
}

/**
 * A button that asks for a folder.
 * @param {string} text
 * @param {(brought: Brought) => void} take
 * @param {Record<string, unknown>} [properties] of the button
 * @returns {{ button: HTMLButtonElement, input: HTMLInputElement }} both are to be put into the page
 */
export function folderButton(text, take, properties) {
  const input = make('input', { type: 'file', webkitdirectory: true, hidden: true, tabIndex: -1 });
  input.addEventListener('change', () => {
    if (input.files?.length) take(filesOfFolder(input.files));
    input.value = ''; // so that choosing the same folder again is a change
  });
  return { button: button(text, () => input.click(), properties), input };
}

/** What a model reads, as far as its files tell without loading it. @typedef {'texts' | 'pictures' | 'both' | 'sound'} Reads */

/**
 * @param {Brought} brought
 * @param {object} wanted
 * @param {Reads} wanted.reads what the room needs
 * @param {string} wanted.need what to say of a model that reads something else: "sentences need one such as MiniLM"
 * @returns {Promise<string | null>} what is wrong with it, or null
 */
export async function faultOf({ files, isFolder }, { reads, need }) {
  if (!files.size) return 'There is no file in this folder: drop it as downloaded.';
  if (!isFolder) return 'A file alone is no model: drop its whole folder.';
  const config = files.get('config.json');
  if (!config) {
    const below = [...files.keys()].find(
      (path) => /^[^/]+\/config\.json$/.test(path) && !/_(Pooling|Dense)/.test(path),
    );
    return below
      ? `The model is in ${below.split('/')[0]}: drop that folder.`
      : 'This folder has no config.json: drop it as downloaded.';
  }
  const given = await config
    .text()
    .then(JSON.parse)
    .catch(() => null);
  // What is not JSON is told by load, which knows more.
  if (!given || typeof given !== 'object') return null;
  const found = readsOf(given);
  return found === reads || found === 'both' ? null : mismatch(found, need);
}

/** @param {Reads} found @param {string} need */
const mismatch = (found, need) =>
  `A ${{ texts: 'text', pictures: 'picture', sound: 'sound', both: '' }[found]} model; ${need}.`;

/** @param {Record<string, unknown>} config @returns {Reads} */
function readsOf(config) {
  const has = (/** @type {string[]} */ ...keys) => keys.some((key) => config[key] !== undefined);
  if (has('vision_config') && has('text_config')) return 'both';
  if (has('num_mel_bins', 'conv_stride', 'feat_extract_norm')) return 'sound';
  return has('patch_size', 'image_size', 'pretrained_cfg') ? 'pictures' : 'texts';
}

/** What browsers say of a part of the program that does not arrive. */
const PART_LACKS = /dynamically imported module|Importing a module script failed/i;

/**
 * What to say of a model that could not be loaded, or does not read what the room needs.
 * @param {unknown} error
 * @param {string} need as for `faultOf`
 * @param {unknown} source as `load` takes it
 * @returns {string}
 */
export function reasonOf(error, need, source) {
  const { code, message = String(error) } = /** @type {{ code?: string, message?: string }} */ (error ?? {});
  const isUnreached = code === 'ERR_NETWORK' || code === 'ERR_WORKER' || PART_LACKS.test(message);
  if (isUnreached && !navigator.onLine) {
    return source instanceof Map
      ? 'No network, and a part of this page has not arrived: open it again with a network.'
      : 'No network: drop the folder.';
  }
  if (code === 'ERR_NETWORK') return `It could not be fetched: ${message}. You can drop its folder instead.`;
  if (code === 'ERR_OUT_OF_MEMORY') return `Too large for this tab: ${message}.`;
  if (/this model reads pictures/.test(message)) return mismatch('pictures', need);
  if (/this model reads recordings/.test(message)) return mismatch('sound', need);
  if (/no config\.json/.test(message)) return `There is no model: ${message}.`;
  return `This model was not loaded: ${message}.`;
}
