/** What an encoding does, as a figure to touch, for those that have one of their own; the others begin with their numbers. */

/**
 * @typedef {object} Given
 * @property {import('../../../../web/encodings.js').Encodings} core
 * @property {import('../../../main.js').Page} page
 * @property {(row: number, column?: number, plane?: number) => void} hold marks a row of the numbers below, and in it a number, in one of their planes
 * @property {(options: Record<string, any>) => void} change sets options, as their controls do; undefined takes one out
 * @property {URLSearchParams} params of the address
 * @property {(name: string, value: string | undefined) => void} keep puts what the figure shows into the address
 *
 * @typedef {object} Figure
 * @property {HTMLElement} root
 * @property {HTMLElement} [controls] of its own, over those of the options
 * @property {string[]} [own] options that these controls set, which then have no others
 * @property {HTMLElement[]} [more] further sections, over the numbers
 * @property {HTMLElement} [beside] stands beside the numbers
 * @property {HTMLElement} [about] the numbers, where other options need other words
 * @property {(options: Record<string, any>) => import('../../../parts/brackets.js').Part[]} [parts] what the numbers' columns hold
 * @property {boolean} [showsLikeness] whether it shows how alike the rows are, so that the page need not
 * @property {(options: Record<string, any>, results: Map<string, import('../../../../bindings/tensor.js').Tensor>) => void} show
 *   other options: what the encoding gives with them, by name ('' for a single tensor)
 * @property {(row: number, column: number) => void} [mark] another row is held, or another number of it
 * @property {() => void} [draw] the colours have changed
 *
 * @typedef {object} Module
 * @property {(given: Given) => Figure | Promise<Figure>} create
 * @property {Record<string, any>} [OPTIONS] that the page starts with, over the documentation's
 * @property {{ rows: string, columns: string, about?: string }} [NUMBERS] words for them, if the documentation's do not fit those options
 * @property {(options: Record<string, any>) => void} [fit] makes the tables fit the sizes that were chosen
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
  shiftedWindowMask: () => import('./windows/index.js'),
  alibi: () => import('./fan/alibi.js'),
  alibiSlopes: () => import('./fan/slopes.js'),
  kerple: () => import('./fan/kerple.js'),
  fire: () => import('./fan/fire.js'),
  sandwich: () => import('./fan/sandwich.js'),
  t5Buckets: () => import('./ruler/t5.js'),
  t5Bias: () => import('./fan/t5-bias.js'),
  debertaBuckets: () => import('./ruler/deberta.js'),
  disentangled: () => import('./fan/disentangled.js'),
  paddingMask: () => import('./masks/padding.js'),
  slidingWindowMask: () => import('./masks/sliding.js'),
  segmentMask: () => import('./masks/segments.js'),
  windowBias: () => import('./heads/window.js'),
  windowIndex: () => import('./heads/window-index.js'),
  levitBias: () => import('./heads/levit.js'),
  decomposedBias: async () => (await import('./heads/decomposed.js')).decomposed,
  botnetBias: async () => (await import('./heads/decomposed.js')).botnet,
  gpsa: () => import('./heads/gpsa.js'),
  beitIndex: () => import('./heads/beit-index.js'),
  beitBias: () => import('./heads/beit.js'),
  resizeBias: () => import('./heads/resize.js'),
  logCoordinates: () => import('./network/coordinates.js'),
  continuousBias: () => import('./network/continuous.js'),
};
