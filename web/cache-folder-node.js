/**
 * A model in Hugging Face's cache folder: models--owner--name with `blobs`, each called by the name of its bytes, `snapshots`, a
 * folder of links to them for each commit, and `refs`, the commits of branches. What we write Python finds, and what it wrote we
 * read. A disk that cannot be written is no error: then nothing is kept.
 */
import { openAppending, openFile, readChunks } from './files-node.js';
import { COMMIT, parseListing, textOf } from './hub-listing.js';
import { fs, path as paths, process } from './node.js';

const {
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} = fs();
const { basename, dirname, join, relative } = paths();

/**
 * @typedef {import('./cache.js').Store} Store
 * @typedef {import('./cache.js').Writer} Writer
 * @typedef {import('./hub-listing.js').Known} Known
 */

/** @param {string} root @param {string} id */
export const folderOf = (root, id) => join(root, `models--${id.replaceAll('/', '--')}`);

/** Ours, beside the hub's folders: what it listed of a commit. Who reads the others passes it over. */
const LISTINGS = '.listings';
/** What is still on its way: the process that writes it stands in its name, 0 if none does. */
const PARTIAL = /\.(\d+)\.partial$/;

/** Files that this process has begun. */
let count = 0;

/** Names that stay inside their folder. @param {string} path */
const isInside = (path) => /^[\w.-]+(?:\/[\w.-]+)*$/.test(path) && !path.split('/').includes('..');

/** @param {string} root @param {string} id @returns {Store} */
export function openFolderStore(root, id) {
  const top = folderOf(root, id);
  const at = (/** @type {string[]} */ ...names) => join(top, ...names);
  const pointer = (/** @type {string} */ commit, /** @type {string} */ path) => at('snapshots', commit, path);

  return {
    async listing(revision) {
      const isCommit = COMMIT.test(revision);
      const ref = isCommit || !isInside(revision) ? null : await textAt(at('refs', revision));
      const commit = isCommit ? revision : (ref?.trim() ?? '');
      if (!COMMIT.test(commit)) return null;
      const own = parseListing((await textAt(at(LISTINGS, `${commit}.json`))) ?? '');
      if (own?.commit === commit) return own;
      const files = await filesIn(at('snapshots', commit));
      // Only who fetches all of a model fetches that file.
      return files.size ? { commit, files, isWhole: files.has('.gitattributes') } : null;
    },

    keep: (revision, listing) =>
      quietly(async () => {
        const { commit } = listing;
        if (listing.files.size) await put(at(LISTINGS, `${commit}.json`), textOf(listing));
        const ref = at('refs', revision);
        if (revision !== commit && isInside(revision)) await put(ref, commit);
      }),

    async open(commit, path, { size, digest, etag }) {
      if (!isInside(path)) return null;
      const link = pointer(commit, path);
      // Another commit may have had the same bytes.
      if (etag && !(await isFile(link)) && (await isFile(at('blobs', etag))))
        await quietly(() => linkTo(link, at('blobs', etag)));
      const file = await openFile(link).catch(() => null);
      if (!file || (size !== null && file.size !== size)) return null;
      return { ...file, digest: digest ?? (await digestAt(link)) };
    },

    isAbsent: async (commit, path) => isInside(path) && isFile(at('.no_exist', commit, path)),

    noteAbsent: (commit, path) =>
      quietly(async () => isInside(path) && put(at('.no_exist', commit, path), '')),

    writer: async (commit, path, known) =>
      known.etag && isInside(path)
        ? openWriter(at('blobs', known.etag), pointer(commit, path), known).catch(() => null)
        : null,

    remove: (commit, path) =>
      quietly(async () => {
        const link = pointer(commit, path);
        const blob = await realpath(link);
        await rm(link);
        // A link that leads out of the cache is somebody else's.
        if (dirname(blob) === (await realpath(at('blobs')))) await rm(blob, { force: true });
      }),
  };
}

/** @param {string} blob @param {string} link @param {Known} known @returns {Promise<Writer>} */
async function openWriter(blob, link, { size, digest }) {
  await mkdir(dirname(blob), { recursive: true });
  // No two loads write into one file.
  const path = `${blob}.${++count}.${process.pid}.partial`;
  // Bytes that no digest will prove begin anew.
  if (digest?.kind === 'sha256' && size !== null) await claim(blob, path, size);
  const file = await openAppending(path, size);
  const { position } = file;
  /** Why nothing is written any more. @type {unknown} */
  let fault;
  const attempt = async (/** @type {() => Promise<unknown>} */ step) => {
    if (fault) return;
    try {
      await step();
    } catch (error) {
      fault = error;
      await file.close().catch(() => {});
      await rm(path, { force: true }).catch(() => {});
    }
  };
  return {
    position,
    stored: () => readChunks(path, position),
    write: (chunk) => attempt(() => file.write(chunk)),
    end: () =>
      attempt(async () => {
        await file.close();
        if (size !== null && file.position !== size) throw new Error('not all was written');
        await rename(path, blob);
        await linkTo(link, blob);
      }),
    abort: (isWrong) =>
      attempt(async () => {
        await file.close();
        if (isWrong || !file.position || digest?.kind !== 'sha256') await rm(path, { force: true });
        else await rename(path, `${blob}.0.partial`);
      }),
  };
}

/** Takes over what an ended process has left of a file, by a name that only one can give. @param {string} blob @param {string} path @param {number} size */
async function claim(blob, path, size) {
  for (const name of await readdir(dirname(blob))) {
    if (!name.startsWith(`${basename(blob)}.`)) continue;
    const pid = Number(PARTIAL.exec(name)?.[1] ?? process.pid);
    const left = join(dirname(blob), name);
    if (pid === process.pid || isRunning(pid)) continue;
    if (((await lstat(left).catch(() => null))?.size ?? Infinity) > size) await rm(left, { force: true });
    else if (
      await rename(left, path).then(
        () => true,
        () => false,
      )
    )
      return;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  if (pid === 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'; // somebody else's
  }
}

/** A file's name in a commit; one that was there serves others until the new one takes its place. @param {string} link @param {string} blob */
async function linkTo(link, blob) {
  await mkdir(dirname(link), { recursive: true });
  const fresh = `${blob}.${++count}.${process.pid}.link`;
  const isLink = await symlink(relative(dirname(link), blob), fresh).then(
    () => true,
    () => copyFile(blob, fresh), // there are systems without links
  );
  await rename(fresh, link);
  if (!isLink) await rm(blob);
}

/** A small file, whole or not at all. @param {string} path @param {string} text */
async function put(path, text) {
  if ((await textAt(path)) === text) return;
  const fresh = `${path}.${++count}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(fresh, text);
  await rename(fresh, path);
}

/** What lies in a snapshot. @param {string} folder */
async function filesIn(folder) {
  /** @type {Map<string, Known>} */
  const files = new Map();
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (!found?.isFile()) continue;
    const digest = await digestAt(join(folder, name));
    files.set(name.replaceAll('\\', '/'), { size: found.size, digest, etag: digest?.hex ?? null });
  }
  return files;
}

/** Large files are called by their SHA-256. @param {string} link @returns {Promise<Known['digest']>} */
async function digestAt(link) {
  const name = basename(await readlink(link).catch(() => ''));
  return /^[\da-f]{64}$/.test(name) ? { kind: 'sha256', hex: name } : null;
}

/** @param {string} path */
const textAt = (path) => readFile(path, 'utf8').catch(() => null);

/** @param {string} path */
const isFile = async (path) => Boolean((await stat(path).catch(() => null))?.isFile());

/** @param {() => Promise<unknown>} step */
const quietly = (step) =>
  step().then(
    () => {},
    () => {},
  );
