/** What else a source may have been meant as than the folder that was not found, and what to do. */

const HUB = 'https://huggingface.co/';
const HUB_HOSTS = /^(?:www\.)?(?:huggingface\.co|hf\.co)$/;
const ID = /^[A-Za-z\d][\w.-]{0,95}\/[A-Za-z\d][\w.-]{0,95}$/;
/** An owner and a name, perhaps with a revision; names alone are of the hub's first models. */
const HUB_ID = /^(?:hf:\/\/)?((?:[\w-][\w.-]*\/)?[\w-][\w.-]*)(?:@([\w.-]+))?$/;
const FILE = /\.(?:safetensors|json|bin|onnx|gguf|h5|pt|pth|txt|model|msgpack|zip|tar|gz|md)$/i;

/** Whether a text is the id of a model of the hub, owner/name. @param {unknown} source @returns {source is string} */
export const isHubId = (source) =>
  typeof source === 'string' && ID.test(source) && !source.includes('..') && !FILE.test(source);

/**
 * @param {string} source a path or an address where no model is
 * @returns {string} advice that goes on after a sentence, or nothing
 */
export function adviceFor(source) {
  if (/^https?:(?!\/\/)/i.test(source)) return ': an address begins with http:// or https://';
  if (/^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?\/[^/]/i.test(source) && !HUB_ID.test(source))
    return ': an address begins with https://';
  const [, id, revision] = HUB_ID.exec(source) ?? [];
  if (id === undefined || !/[/-]/.test(id) || FILE.test(id)) return '';
  if (revision)
    return `; a revision of a model of the hub is an option: load('${id}', { revision: '${revision}' })`;
  return id.includes('/')
    ? `; a model of the hub is "${id}" alone`
    : '; the id of a model of the hub has an owner, too: owner/name';
}

/**
 * Where the files are that a page of the hub shows.
 * @param {URL} url
 * @returns {string | null} null if it is no such page
 */
export function hubFolder({ hostname, pathname }) {
  if (!HUB_HOSTS.test(hostname)) return null;
  const [owner, name, kind = 'tree', revision = 'main', ...rest] = pathname.split('/').filter(Boolean);
  if (kind === 'resolve' || name === undefined || ['datasets', 'spaces', 'docs', 'api'].includes(owner))
    return null;
  const folder = kind === 'tree' ? rest : rest.slice(0, -1);
  return HUB + [owner, name, 'resolve', revision, ...folder].join('/');
}

/**
 * @param {URL} folder an address that should be a folder's
 * @returns {string} advice if it is rather a file's
 */
export function fileAdvice(folder) {
  const name = folder.pathname.split('/').at(-2) ?? '';
  if (!FILE.test(name)) return '';
  return `; ${name} is the name of a file: expected the address of its folder, ${new URL('..', folder).href.replace(/[?#].*/, '')}`;
}
