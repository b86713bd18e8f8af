/** More of the sample photograph, for who looks further: where every head looks, rollout, and the colours of every layer. */
import { START } from '../rooms/pictures/baked.js';
import { base64, packed, photo } from './photo.js';

export default async function bake() {
  const { facts, look, heads, colours } = await photo();
  const { rows, columns, layers } = facts;
  const size = rows * columns + 1;
  const all = heads(START.row, START.column);
  const every = Array.from({ length: layers * facts.heads }, (_, i) => i);
  return {
    looks: several(every.map((i) => look(Math.floor(i / facts.heads) + 1, (i % facts.heads) + 1))),
    rollout: several([look(0, 0)]),
    heads: several(every.map((i) => all.slice(i * size, (i + 1) * size))),
    colours: base64(
      Uint8Array.from(Array.from({ length: layers }, (_, i) => [...colours(i + 1)]).flat(), (x) =>
        Math.round(255 * x),
      ),
    ),
  };
}

/** Maps, each from 0 to its largest share, and what goes to other tokens. @param {Float32Array[]} maps */
function several(maps) {
  const each = maps.map((map) => packed(map.subarray(0, -1)));
  return {
    most: each.map(({ most }) => Number(most.toPrecision(5))),
    rest: maps.map((map) => Number(map[map.length - 1].toPrecision(4))),
    values: base64(Uint8Array.from(each.flatMap(({ values }) => [...values]))),
  };
}
