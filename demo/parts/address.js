/** What the page shows, in the address behind `#`: `#room/part/part?key=value`, so that a link shares what is seen. */

/** Browsers take long addresses, but chats and mail cut them. */
const LONGEST = 8000;

/**
 * @typedef {object} Address
 * @property {string} room
 * @property {string[]} path what stands behind the room
 * @property {URLSearchParams} params
 */

/** @param {string} [hash] @returns {Address} */
export function readAddress(hash = location.hash) {
  const [place, query = ''] = hash.replace(/^#/, '').split('?');
  const [room, ...path] = place.split('/').map(decoded);
  return { room, path, params: new URLSearchParams(query) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param {string} room
 * @param {readonly (string | number)[]} [path]
 * @param {Record<string, string | number | null | undefined>} [params] null and undefined stay out
 */
export function hashOf(room, path = [], params = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params))
    if (value !== null && value !== undefined) query.set(key, String(value));
  const place = [room, ...path].map((part) => encodeURIComponent(part)).join('/');
  return `#${place}${query.size ? `?${query}` : ''}`;
}

/**
 * Writes the address without a step in the history: for what changes while a hand moves.
 * @param {Parameters<typeof hashOf>} where
 * @returns {boolean} false if it would be too long and stays as it was
 */
export function writeAddress(...where) {
  const hash = hashOf(...where);
  if (hash.length > LONGEST) return false;
  if (hash !== location.hash) history.replaceState(null, '', hash);
  return true;
}
