/** The page's state in the address, behind `#`, so that a link shares what is seen. */

/** Browsers take long addresses, but chats and mail cut them. */
const LONGEST = 8000;

/** @param {string} key @returns {string | null} */
export function readState(key) {
  return new URLSearchParams(location.hash.slice(1)).get(key);
}

/**
 * @param {string} key
 * @param {string | null} value null takes it out
 * @returns {boolean} false if the address would be too long and stays as it was
 */
export function writeState(key, value) {
  const state = new URLSearchParams(location.hash.slice(1));
  if (value === null) state.delete(key);
  else state.set(key, value);
  const hash = state.toString();
  if (hash.length > LONGEST) return false;
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
  return true;
}
