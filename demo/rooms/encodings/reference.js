/** The reference of a function, from the same data as the library's own checks. */
import { programOf } from '../../../web/documentation.js';
import { make } from '../../parts/dom.js';

/** @param {string} text in which code stands between backticks */
const withCode = (text) => text.split('`').map((part, i) => (i % 2 ? make('code', {}, part) : part));

/** @param {import('../../../web/documentation.js').Documentation} documentation */
export function reference(documentation) {
  const { name, about, notes, options, result } = documentation;
  const row = (/** @type {(Node | string)[][]} */ cells, /** @type {'td' | 'th'} */ kind = 'td') =>
    make('tr', {}, ...cells.map((cell) => make(kind, kind === 'th' ? { scope: 'col' } : {}, ...cell)));
  const rows = options.map(({ name: option, type, required, fallback, about: what, rules }) =>
    row([
      [make('code', {}, option)],
      [make('code', {}, type.replace(/readonly /g, ''))],
      withCode(required ? 'required' : fallback || 'none'),
      [...withCode(what), ...(rules ? ['; ', ...withCode(rules)] : [])],
    ]),
  );
  return make(
    'details',
    { className: 'reference' },
    make('summary', {}, make('h2', {}, 'Reference: ', make('code', {}, name))),
    make('p', {}, ...withCode(about)),
    make(
      'dl',
      {},
      ...notes.flatMap(({ title, text }) => [make('dt', {}, title), make('dd', {}, ...withCode(text))]),
      make('dt', {}, 'Result'),
      make('dd', {}, ...withCode(result)),
    ),
    make(
      'div',
      { className: 'scroll', tabIndex: 0, role: 'group', 'aria-label': 'Options' },
      make(
        'table',
        {},
        make('thead', {}, row([['Option'], ['Type'], ['Default'], ['Rule']], 'th')),
        make('tbody', {}, ...rows),
      ),
    ),
    make('pre', { tabIndex: 0 }, make('code', {}, programOf(documentation).trimEnd())),
  );
}
