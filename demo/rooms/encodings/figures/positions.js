/** The learned table that demo/bake/positions.js has packed. */
import { Tensor } from '../../../../bindings/tensor.js';

/** @param {{ side: number, scale: number, places: string }} baked @returns {Tensor<'float32'>} [side side, directions] */
export function positionTable({ side, scale, places }) {
  const steps = new Int8Array(Uint8Array.from(atob(places), (letter) => letter.charCodeAt(0)).buffer);
  return new Tensor(
    'float32',
    Float32Array.from(steps, (step) => step * scale),
    [side * side, steps.length / side ** 2],
  );
}
