/** What can be taken along: the map over the picture, the held patch layer by layer, the open head. */
import { Tensor } from '../../../bindings/tensor.js';
import { saveMenu } from '../../parts/save.js';
import { nameOf } from './words.js';

/**
 * @param {ReturnType<typeof import('./session.js').createSession>} session
 * @param {{ caption: () => string, picture: () => HTMLCanvasElement, open: () => HTMLCanvasElement }} given
 */
export function createSaves({ state, known, source }, { caption, picture, open }) {
  const patches = () => source().facts.rows * source().facts.columns;
  const held = () => `row ${state().row}, column ${state().column}`;

  function map() {
    const { view, layer } = state();
    const { rows, columns } = source().facts;
    const { like, look, colours } = known();
    if (view === 'colours')
      return new Tensor('float32', colours ?? new Float32Array(patches() * 3).fill(Number.NaN), [
        patches(),
        3,
      ]);
    const shares = look?.subarray(0, -1);
    const values =
      (view === 'looks' ? shares : like[layer - 1]) ?? new Float32Array(patches()).fill(Number.NaN);
    return new Tensor('float32', Float32Array.from(values), [rows, columns]);
  }
  const layers = () => known().like.flatMap((map, i) => (map ? [{ map, name: `layer ${i + 1}` }] : []));
  function byLayer() {
    const all = layers();
    const values = new Float32Array(all.length * patches());
    for (const [i, { map }] of all.entries()) values.set(map, i * patches());
    return new Tensor('float32', values, [all.length, patches()]);
  }
  function head() {
    const { rows, columns, heads } = source().facts;
    const [layer, of] = state().open;
    const at = ((layer - 1) * heads + of - 1) * (patches() + 1);
    const values = known().heads?.slice(at, at + patches()) ?? new Float32Array(patches()).fill(Number.NaN);
    return new Tensor('float32', values, [rows, columns]);
  }
  const placeNames = () => {
    const { columns } = source().facts;
    return Array.from({ length: patches() }, (_, i) => `${Math.floor(i / columns)},${i % columns}`);
  };
  return {
    picture: saveMenu({
      name: 'patches',
      caption,
      tensor: map,
      picture,
      labels: () =>
        state().view === 'colours' ? { rows: placeNames(), columns: ['red', 'green', 'blue'] } : {},
    }),
    layers: saveMenu({
      name: 'patch-by-layer',
      caption: () => `${source().name}: cosines of ${held()} to all patches, by layer`,
      tensor: byLayer,
      labels: () => ({ rows: layers().map(({ name }) => name), columns: placeNames() }),
    }),
    head: saveMenu({
      name: 'head',
      caption: () => `${source().name}: ${nameOf(...state().open, 0)}, from ${held()}`,
      tensor: head,
      picture: open,
    }),
  };
}
