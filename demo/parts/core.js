/** The library in the page: the encodings on the main thread, and the page's own models, each in a worker. */

/** @typedef {import('../../web/encodings.js').Encodings} Encodings */
/** @typedef {import('../../bindings/tasks/encoder.js').Encoder} Encoder */

/** @type {Promise<Encodings> | undefined} */
let made;

/** The position encodings, started once. */
export function pe() {
  made ??= import('../../web/encodings.js').then(({ encodings }) => encodings());
  return made;
}

/** @type {Map<Record<string, string>, Promise<Encoder>>} */
const loaded = new Map();

/**
 * A model of the page's own, loaded once: `pageModel(files)` with `import files from 'model:roles/sines'`.
 * @param {Record<string, string>} files the addresses of its files by their names
 * @returns {Promise<Encoder>}
 */
export function pageModel(files) {
  const known = loaded.get(files);
  if (known) return known;
  const found = read(files);
  loaded.set(files, found);
  found.catch(() => loaded.delete(files));
  return found;
}

/** @param {Record<string, string>} files */
async function read(files) {
  const [{ load }, entries] = await Promise.all([
    import('../../web/index.js'),
    Promise.all(
      Object.entries(files).map(async ([name, address]) => {
        const answer = await fetch(address);
        if (!answer.ok) throw new Error(`${name} of a model could not be fetched: ${answer.status}`);
        return /** @type {const} */ ([name, await answer.blob()]);
      }),
    ),
  ]);
  return load(new Map(entries));
}

/**
 * A model that the visitor brings, with its tokenizer where it has one.
 * @param {string | URL | Map<string, File>} source a hub id `org/name`, an address, or the files of a folder
 * @param {Pick<import('../../bindings/public.js').LoadOptions, 'progress' | 'signal'>} options
 */
export async function visitorModel(source, { progress, signal }) {
  const { load, loadTokenizer } = await import('../../web/index.js');
  const encoder = await load(source, { worker: true, progress, signal });
  const tokenizer = await loadTokenizer(source, { signal }).catch((error) => {
    if (signal?.aborted) throw error;
    return null;
  });
  return { encoder, tokenizer };
}
