import { make } from '../../parts/dom.js';

/** @type {import('../../main.js').Room['mount']} */
export function mount(root, page) {
  root.append(make('h1', {}, 'order'));
  page.title('order');
  return {};
}
