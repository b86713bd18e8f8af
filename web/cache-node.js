/**
 * What the hub's models need of Node: Hugging Face's own cache folder, which Python shares, the variables of its tools, and
 * digests. Not here: how a model lies in the folder (cache-folder-node.js).
 */
import { folderOf, openFolderStore } from './cache-folder-node.js';
import { crypto, fs, os, path as paths, variable } from './node.js';

const { lstat, readdir, rm, stat } = fs();
const { homedir } = os();
const { join } = paths();

/** @typedef {import('./cache.js').Place} Place */

/** Redirections are followed here: what the hub says of a large file stands in the headers of one. @type {'manual'} */
export const REDIRECT = 'manual';

/** @returns {{ endpoint?: string, token?: string, isOffline?: boolean }} what the environment says, as huggingface_hub reads it */
export const hubSettings = () => ({
  endpoint: variable('HF_ENDPOINT') || undefined,
  token: variable('HF_TOKEN')?.trim() || undefined,
  isOffline: /^(?:1|on|yes|true)$/i.test(variable('HF_HUB_OFFLINE') ?? ''),
});

/** @param {'sha256' | 'sha1'} name */
export function hashOf(name) {
  const hash = crypto().createHash(name);
  return {
    update: (/** @type {Uint8Array} */ bytes) => void hash.update(bytes),
    hex: () => hash.digest('hex'),
  };
}

/** The folder of all models, by the variables that huggingface_hub knows. */
function root() {
  const names = ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_HOME', 'XDG_CACHE_HOME'];
  const [HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME] = names.map(variable);
  const named = HF_HUB_CACHE || HUGGINGFACE_HUB_CACHE;
  const path =
    named || join(HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface'), 'hub');
  return path.replace(/^~(?=[\\/]|$)/, homedir());
}

const PREFIX = 'models--';

export const ownCache = {
  /** @param {Place} place @returns {Promise<import('./cache.js').Store | import('./cache.js').AnyCache | null>} */
  open: async ({ id }) => openFolderStore(root(), id),

  /** @returns {Promise<{ id: string, size: number }[]>} */
  async list() {
    const names = (await readdir(root()).catch(() => [])).filter((name) => name.startsWith(PREFIX));
    return Promise.all(
      names.sort().map(async (name) => ({
        id: name.slice(PREFIX.length).replaceAll('--', '/'),
        size: await sizeOf(join(root(), name)),
      })),
    );
  },

  /** @param {string} id @returns {Promise<boolean>} */
  async delete(id) {
    const folder = folderOf(root(), id);
    const isThere = await stat(folder).catch(() => null);
    await rm(folder, { recursive: true, force: true });
    return isThere !== null;
  },
};

/** Bytes of all files in a folder; links count nothing. @param {string} folder */
async function sizeOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries) {
    const { parentPath = entry.path, name } = entry;
    if (entry.isFile()) sum += (await lstat(join(parentPath, name)).catch(() => null))?.size ?? 0;
  }
  return sum;
}
