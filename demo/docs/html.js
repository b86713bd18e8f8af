/** HTML as text, safe by default: what stands in a template is escaped unless it is HTML itself. Not here: any page. */

/** Text that is HTML. */
export class Html {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

const ESCAPES = /** @type {Record<string, string>} */ ({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
});

/** @param {unknown} value Html, a list of values, or what becomes a text @returns {string} */
function markup(value) {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(markup).join('');
  return String(value).replace(/[&<>"]/g, (letter) => ESCAPES[letter]);
}

/**
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 * @returns {Html}
 */
export const html = (strings, ...values) => new Html(String.raw({ raw: strings }, ...values.map(markup)));
