/** Over and under an encoding's figures: where it stands, its name, its formula. */
import { GROUPS, NAMES_OF } from '../../code/names.js';
import { hashOf } from '../../parts/address.js';
import { make } from '../../parts/dom.js';

/** @param {string} name */
export function head(name) {
  const { title, about } = NAMES_OF[name];
  const group = /** @type {typeof GROUPS[number]} */ (
    GROUPS.find(({ functions }) => functions.includes(name))
  );
  const place = group.functions.indexOf(name);
  const link = (
    /** @type {string | undefined} */ other,
    /** @type {string} */ before,
    /** @type {string} */ after,
  ) =>
    other === undefined
      ? []
      : [make('a', { href: hashOf('encodings', [other]) }, `${before}${NAMES_OF[other].title}${after}`)];
  return [
    make(
      'p',
      { className: 'crumbs caption' },
      make('a', { href: '#encodings' }, 'Encodings'),
      ` · ${group.title} · ${place + 1} of ${group.functions.length}`,
    ),
    make(
      'div',
      { className: 'head' },
      make('h1', {}, title),
      make('p', {}, about),
      make(
        'nav',
        { className: 'aside beside', 'aria-label': 'Other encodings' },
        ...link(group.functions[place - 1], '← ', ''),
        ...link(group.functions[place + 1], '', ' →'),
      ),
    ),
  ];
}

/** @param {string} name */
export async function formula(name) {
  const { default: formulas } = await import('baked:formulas');
  const holder = make('div', { className: 'formula', tabIndex: 0, role: 'group', 'aria-label': 'Formula' });
  holder.innerHTML = formulas[name]; // the build's own MathML
  return holder;
}
