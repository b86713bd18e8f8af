/** What an encoding does, as a figure to touch, for those that have one of their own; the others begin with their numbers. */

/**
 * @typedef {object} Given
 * @property {import('../../../../web/encodings.js').Encodings} core
 * @property {import('../../../main.js').Page} page
 * @property {(row: number, column?: number) => void} hold marks a row of the numbers below, and in it a number
 * @property {URLSearchParams} params of the address
 * @property {(name: string, value: string | undefined) => void} keep puts what the figure shows into the address
 * @property {(options: Record<string, any>) => void} change sets options, as their controls do; undefined takes one out
 *
 * @typedef {object} Figure
 * @property {HTMLElement} root
 * @property {HTMLElement} [controls] of its own, over those of the options
 * @property {string[]} [own] options that these controls set, which then have no others
 * @property {HTMLElement[]} [more] further sections, over the numbers
 * @property {HTMLElement} [beside] stands beside the numbers
 * @property {boolean} [showsLikeness] whether it shows how alike the rows are, so that the page need not
 * @property {(options: Record<string, any>, results: Map<string, import('../../../../bindings/tensor.js').Tensor>) => void} show
 *   other options: what the encoding gives with them, by name ('' for a single tensor)
 * @property {(row: number, column: number) => void} [mark] another row is held, or another number of it
 * @property {() => void} [draw] the colours have changed
 *
 * @typedef {object} Module
 * @property {(given: Given) => Figure | Promise<Figure>} create
 * @property {Record<string, any>} [OPTIONS] that the page starts with, over the documentation's
 * @property {{ rows: string, columns: string, about: string }} [NUMBERS] words for them, if the documentation's do not fit those options
 */

/** @type {Record<string, () => Promise<Module>>} by the name of the function */
export const FIGURES = {
  applyRope: () => import('./apply-rope.js'),
  learnedTable: () => import('./learned-table.js'),
  resizeTable: () => import('./resize-table.js'),
  rope: () => import('./rope.js'),
  rope2d: () => import('./rope2d.js'),
  ropeFrequencies: () => import('./rope-frequencies.js'),
  ropeSections: () => import('./rope-sections.js'),
  sincos2d: () => import('./sincos2d.js'),
};
