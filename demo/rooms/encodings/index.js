/** *Three ways to say where*: all encodings as live pictures, and each opened. */
import { addStyle, make } from '../../parts/dom.js';
import css from './encodings.css';
import { showGallery } from './gallery.js';
import { isEncoding, showOne } from './one.js';

/** @type {import('../../main.js').Room['mount']} */
export async function mount(root, page, address) {
  addStyle(css);
  let shown = '';
  /** @param {import('../../parts/address.js').Address} wanted */
  const show = async ({ path: [name = ''], params }) => {
    if (name && name === shown) return;
    shown = name;
    const place = make('div', { className: 'encodings' });
    root.replaceChildren(place);
    if (name && isEncoding(name)) await showOne(place, page, name, params);
    else showGallery(place, page, name && !isEncoding(name) ? name : (params.get('find') ?? ''));
  };
  await show(address);
  return {
    show: async (wanted) => {
      await show(wanted);
      scrollTo(0, 0);
    },
  };
}
