/**
 * A picture for each encoding: small inputs, and what of the result is drawn. Heat maps become PNG files, lines over an axis
 * SVG files. Not here: the drawing, which the command line does in the same way (web/plot).
 */
import { drawHeatMap } from '../../../web/plot/heat-map.js';
import { linePlot, serialize } from '../../../web/plot/line-plot.js';
import { encodePng } from '../../../web/plot/png.js';
import { absolute } from './absolute.js';
import { grids } from './grids.js';
import { rotary } from './rotary.js';
import { sequences } from './sequences.js';

/**
 * @typedef {import('../../../web/encodings.js').Encodings} Encodings
 * @typedef {Record<string, unknown>} Options of an encoding
 *
 * @typedef {object} Picture
 * @property {Options} options
 * @property {Options[]} [forms] other ways to call it, which together with `options` use every option
 * @property {string} about what there is to see, for the caption and for those who do not see it
 * @property {string} [rows] name of the axis that runs down
 * @property {string} [columns] name of the axis that runs across
 * @property {(result: any) => import('../../../web/plot/heat-map.js').Table} [show] what of the result is drawn; all of it by default
 * @property {Plot} [plot] lines instead of a heat map
 *
 * @typedef {object} Plot
 * @property {number[]} x
 * @property {string} xName
 * @property {Record<string, Options>} series options by the name of a line
 * @property {(result: any) => ArrayLike<number>} values
 */

/** @type {Record<string, (pe: Encodings) => Picture>} */
export const PICTURES = { ...absolute, ...rotary, ...grids, ...sequences };

/**
 * @param {Encodings} pe
 * @param {string} name
 * @param {Options} options
 * @returns {any} the result
 */
export const call = (pe, name, options) => Reflect.get(pe, name)(options);

/**
 * The numbers that a picture shows.
 * @param {Encodings} pe
 * @param {string} name of the encoding
 * @param {Picture} picture
 * @returns {import('../../../web/plot/heat-map.js').Table[]} a table, or the values of each line
 */
export function numbersOf(pe, name, { options, show = (all) => all, plot }) {
  if (!plot) return [show(call(pe, name, options))];
  return Object.values(plot.series).map((given) => {
    const data = Array.from(plot.values(call(pe, name, given)));
    return { data, shape: [data.length] };
  });
}

/**
 * @param {Encodings} pe
 * @param {string} name of the encoding
 * @param {Picture} picture
 * @returns {Promise<{ file: string, bytes: Uint8Array, width: number, height: number }>}
 */
export async function draw(pe, name, picture) {
  const { rows, columns, plot, about } = picture;
  const tables = numbersOf(pe, name, picture);
  if (plot) {
    const series = Object.keys(plot.series).map((line, i) => ({
      name: line,
      values: Array.from(tables[i].data, Number),
    }));
    const svg = linePlot({ series, x: plot.x, xName: plot.xName, title: about });
    const [width, height] = String(svg.attributes.viewBox).split(' ').slice(2).map(Number);
    return { file: `${name}.svg`, bytes: new TextEncoder().encode(serialize(svg)), width, height };
  }
  const raster = drawHeatMap(tables[0], { rows, columns });
  return { file: `${name}.png`, bytes: await encodePng(raster), width: raster.width, height: raster.height };
}
