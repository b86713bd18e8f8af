/** What the room's figures hold, to take along. */
import { Tensor } from '../../../bindings/tensor.js';

/** @param {Pick<ReturnType<typeof import('./session.js').createSession>, 'state' | 'known' | 'source'>} session */
export function tensorsOf({ state, known, source }) {
  function mapTensor() {
    const { view, layer } = state();
    const { rows, columns } = source().facts;
    const { like, look, colours } = known();
    if (view === 'colours')
      return new Tensor('float32', Float32Array.from(colours ?? []), [(colours?.length ?? 0) / 3, 3]);
    const map =
      (view === 'looks' ? look?.subarray(0, -1) : like[layer - 1]) ?? new Float32Array(rows * columns);
    return new Tensor('float32', Float32Array.from(map), [rows, columns]);
  }
  const knownLayers = () => known().like.flatMap((map, i) => (map ? [{ map, layer: i + 1 }] : []));
  function layersTensor() {
    const list = knownLayers();
    const { rows, columns } = source().facts;
    const all = new Float32Array(list.length * rows * columns);
    list.forEach(({ map }, i) => {
      all.set(map, i * rows * columns);
    });
    return new Tensor('float32', all, [list.length, rows * columns]);
  }
  const rowNames = () => knownLayers().map(({ layer }) => `layer ${layer}`);
  const patchNames = () => {
    const { rows, columns } = source().facts;
    return Array.from({ length: rows * columns }, (_, i) => `${Math.floor(i / columns)},${i % columns}`);
  };
  function headTensor() {
    const { rows, columns, heads: count } = source().facts;
    const [layer, head] = state().open;
    const at = ((layer - 1) * count + head - 1) * (rows * columns + 1);
    const map = known().heads?.slice(at, at + rows * columns) ?? new Float32Array(rows * columns);
    return new Tensor('float32', map, [rows, columns]);
  }
  return { mapTensor, layersTensor, rowNames, patchNames, headTensor };
}
