/** Finding and making elements. */

/**
 * The element that plays a role within `root`.
 * @template {Element} T
 * @param {Element} root
 * @param {string} role
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(root, role, kind) {
  const element = root.querySelector(`[data-role="${role}"]`);
  if (element instanceof kind) return element;
  throw new Error(`index.html has no ${kind.name} with data-role="${role}"`);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Text in which code stands between backticks. @param {string} text @returns {(Node | string)[]} */
export const withCode = (text) =>
  text.split('`').map((part, i) => (i % 2 ? make('code', { textContent: part }) : part));
