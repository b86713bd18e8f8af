/** Texts of many kinds out of a seed: words, numbers, code, scripts; most of them short, some of up to 60 words. */

const WORDS =
  'the of and a to in is you that it he was for on are as with his they at be this have from or one had by word but not what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see number no way could people my than first water been call who oil its now find long down day did get come made may part';
const CODE = [
  'if (x) {',
  'return',
  'y += 1;',
  '}',
  'const a = [1, 2];',
  'def f(n):',
  '#',
  'print(n)',
  '->',
  '"s"',
];
const SCRIPTS = [0x430, 0x4e00, 0x3b1, 0x5d0, 0x627, 0x915, 0xac00, 0x3042];

/** @param {number} count @param {number} [seed] @returns {string[]} the same for the same seed */
export function generateTexts(count, seed = 1) {
  let state = seed;
  const below = (/** @type {number} */ n) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * n);
  };
  const words = WORDS.split(' ');
  const kinds = [
    () => words[below(words.length)],
    () => words[below(words.length)] + ['', ',', '.', '!', ' -'][below(5)],
    () => String(below(100000) / [1, 10, 1000][below(3)]),
    () => CODE[below(CODE.length)],
    () => {
      const script = SCRIPTS[below(SCRIPTS.length)];
      return Array.from({ length: 1 + below(6) }, () => String.fromCodePoint(script + below(24))).join('');
    },
  ];
  return Array.from({ length: count }, () => {
    const [own, length] = [below(kinds.length), 1 + below(below(8) ? 12 : 60)];
    return Array.from({ length }, () => kinds[below(8) ? own : below(kinds.length)]()).join(' ');
  });
}
