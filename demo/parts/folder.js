/** A folder dropped on the page becomes a map of its files, as `load` takes it. */

/** Deepest folder that a model has (`1_Pooling/config.json` lies one deep). */
const DEEPEST = 3;

/**
 * @param {DataTransfer} transfer of a drop
 * @returns {Promise<{ name: string, files: Map<string, File> }>} the folder's name, its files by their paths in it
 */
export async function filesOfDrop(transfer) {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const [first] = entries;
  const isOne = entries.length === 1 && isFolder(first);
  /** @type {Map<string, File>} */
  const files = new Map();
  for (const entry of isOne ? await childrenOf(first) : entries) await collect(entry, '', files);
  return { name: isOne ? first.name : 'the model', files };
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} above the path of the folder that holds it
 * @param {Map<string, File>} files to fill
 * @param {number} [depth]
 */
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
