/** What is left of two turned vectors: their product by distance, for a clock as trained and stretched, and for all pairs of places. */
import { Tensor } from '../../../../bindings/tensor.js';
import { make, shown } from '../../../parts/dom.js';
import { createHeat } from '../../../parts/heat.js';
import { createPlot } from '../../../parts/plot.js';
import { pictureOf, saveMenu } from '../../../parts/save.js';
import { product, turned } from './turned.js';

/** How much longer the text is for which clocks are slowed. */
const FACTOR = 4;

/**
 * @param {object} given
 * @param {import('../../../../web/encodings.js').Encodings} given.core
 * @param {(text: string) => void} given.say
 * @param {(distance: number) => void} given.onDistance
 * @param {(query: number, key: number) => void} given.onPlaces
 */
export function createScores({ core, say, onDistance, onPlaces }) {
  /** @type {{ name: string, values: number[] }[]} */
  let series = [];
  const plot = createPlot({
    ...{ label: 'q · k by distance', x: 'distance between query and key', y: 'q · k', height: 320 },
    onMark: onDistance,
  });
  const heat = createHeat({
    ...{ label: 'q · k of every query and key', say, tall: 392 },
    onMark: (row, column) => !isMarking && onPlaces(row, column),
  });
  let isMarking = false;
  const rings = [0, 1, 2].map(() => make('div', { className: 'rope-ring' }));
  heat.root.querySelector('.heat-frame')?.append(...rings);
  const save = saveMenu({
    name: 'rope-scores',
    caption: 'q · k by distance, wasmformer',
    tensor: () => {
      const [rows, columns] = [series[0].values.length, series.length];
      const data = Float32Array.from(
        { length: rows * columns },
        (_, i) => series[i % columns].values[Math.floor(i / columns)],
      );
      return new Tensor('float32', data, [rows, columns]);
    },
    picture: () => pictureOf(plot.picture),
    labels: () => ({
      columns: series.map(({ name }) => name),
      rows: series[0].values.map((_, i) => String(i)),
    }),
  });
  const root = make(
    'section',
    { className: 'rule rope-scores' },
    make(
      'figure',
      {},
      make('h2', {}, 'Only the distance is left'),
      plot.root,
      make(
        'figcaption',
        {},
        'Stretched, every clock runs four times slower; YaRN slows only the slow ones, so that near places stay apart.',
      ),
      save,
    ),
    make(
      'figure',
      {},
      make('h2', {}, 'So the scores run along diagonals'),
      heat.root,
      make('figcaption', {}, 'query down, key across; the three rings are the rows above'),
    ),
  );
  let count = 1;

  return {
    root,
    draw: heat.draw,
    /** @param {Record<string, any>} options */
    show({ length = 64, dim, base, frequencies, scaling, layout, repeat }) {
      count = length;
      const hands = (/** @type {object} */ clocks) =>
        turned(core, core.rope({ length, dim, layout, repeat, ...clocks }), dim, { layout, repeat });
      const byDistance = (/** @type {object} */ clocks) => {
        const all = hands(clocks);
        return all.map((q) => product(q, all[0]));
      };
      const trained = hands({ base, frequencies, scaling });
      const yarn = {
        type: /** @type {const} */ ('yarn'),
        factor: FACTOR,
        originalLength: length,
        attentionFactor: 1,
      };
      series = [
        { name: 'as trained', values: trained.map((q) => product(q, trained[0])) },
        {
          name: `stretched ×${FACTOR}, all alike`,
          values: byDistance({ base, scaling: { type: 'linear', factor: FACTOR } }),
        },
        { name: `YaRN ×${FACTOR}`, values: byDistance({ base, scaling: yarn }) },
      ];
      plot.show({ series });
      const most = series[0].values[0];
      heat.show({
        data: Float32Array.from({ length: length ** 2 }, (_, i) =>
          product(trained[Math.floor(i / length)], trained[i % length]),
        ),
        ...{ rows: length, columns: length, names: { row: 'query', column: 'key' }, range: [-most, most] },
      });
    },
    /** @param {{ distance: number, places: [number, number][] }} held queries and keys of the rows */
    mark({ distance, places }) {
      const at = Math.abs(distance);
      plot.mark(
        at,
        `distance ${at}: ${series.map(({ name, values }) => `${name} ${shown(values[at], 3)}`).join(', ')}`,
      );
      rings.forEach((ring, i) => {
        const [query, key] = places[i];
        Object.assign(ring.style, {
          top: `${(100 * (query + 0.5)) / count}%`,
          left: `${(100 * (key + 0.5)) / count}%`,
        });
      });
      isMarking = true;
      heat.setMark(Math.round(places[0][0]), Math.round(places[0][1]));
      isMarking = false;
    },
  };
}
