/** Words for the numbers under figures whose pages start with other options than the documentation's pictures. */

/** @param {string} about */
const pairs = (about) => ({ rows: 'query', columns: 'key', about });

/** @type {Record<string, { rows: string, columns: string, about: string }>} */
export const NUMBERS = {
  alibi: pairs('A plane a head: zero on the diagonal, falling with the distance, less in each head.'),
  kerple: pairs(
    'A plane a head: zero on the diagonal, falling with the logarithm of the distance, in each head less.',
  ),
  fire: pairs('A plane a head: falling with the distance, in later rows on a longer scale.'),
  sandwich: pairs(
    'A plane a head: largest on the diagonal, falling in waves with the distance, less in each head.',
  ),
  t5Bias: pairs('A plane a head: constant along diagonals, in bands that grow wider with the distance.'),
  paddingMask: {
    rows: 'text',
    columns: 'place',
    about: 'A row a text: who is a word and who is filling, for all queries of the text alike.',
  },
  slidingWindowMask: pairs('A row a word: whom it may see, in a band along the diagonal.'),
  segmentMask: pairs('A row a word: whom it may see, in a square a text along the diagonal.'),
  windowBias: pairs(
    'A plane a head, a row a patch of the window: the same number wherever the offset is the same.',
  ),
  windowIndex: pairs('All patches of a window against each other: equal offsets, equal rows of the table.'),
  levitBias: pairs(
    'A plane a head, a row a patch of the grid: an offset and its mirror images have one number.',
  ),
  decomposedBias: pairs(
    'A plane a head, a row a patch of the grid: blocks by the vertical offset, stripes within them by the horizontal one.',
  ),
  botnetBias: pairs(
    'A plane a head, a row a patch of the grid: blocks by the vertical offset, stripes within them by the horizontal one.',
  ),
  gpsa: pairs('A plane a head, a row a patch of the grid: the shares of its look, which sum to 1.'),
  beitIndex: pairs(
    'The class token and all patches against each other: the first row and the first column have rows of the table of their own.',
  ),
  beitBias: pairs(
    'A plane a head: within a frame of the class token’s numbers, the same number for the same offset.',
  ),
  resizeBias: {
    rows: 'offset',
    columns: 'head',
    about: 'The new table, a row an offset, query minus key, a column a head.',
  },
  logCoordinates: {
    rows: 'column offset',
    columns: 'coordinate',
    about: 'A plane a row offset, a row a column offset: where it is told to be, down and across.',
  },
  continuousBias: pairs(
    'A plane a head, a row a patch of the window: the same number wherever the offset is the same.',
  ),
};
