/** The encodings by what they are about, for the list of their pages. What each does stands in its table. */

/** @typedef {{ title: string, about: string, functions: string[] }} Topic */

/** @type {Topic[]} */
export const TOPICS = [
  {
    title: 'Absolute positions',
    about: 'A vector for each place, computed: added to the tokens before the first layer.',
    functions: 'sincos1d sincos2d sincos3d timestep sineGrid fourier nerf randomFourier'.split(' '),
  },
  {
    title: 'Learned tables',
    about: 'A trained vector for each place, and how it is fitted to another grid.',
    functions: 'positionIds learnedTable rowColumn resizeTable attentionPoolTable'.split(' '),
  },
  {
    title: 'Convolutional positions',
    about: 'Positions that come of zeros at the edges and of the neighbours of a token.',
    functions: 'convolutionalPosition conditionalPosition'.split(' '),
  },
  {
    title: 'Rotary positions',
    about:
      'Queries and keys are turned by angles that grow with the position; their product then knows the distance.',
    functions: 'rope rope2d ropeSections ropeFrequencies applyRope'.split(' '),
  },
  {
    title: 'Windows',
    about: 'Relative positions inside a window of a picture, as Swin and SwinV2 have them.',
    functions: 'windowIndex windowBias shiftedWindowMask logCoordinates continuousBias resizeBias'.split(' '),
  },
  {
    title: 'Grids',
    about: 'Relative positions of all cells of a picture.',
    functions: 'beitIndex beitBias decomposedBias botnetBias levitBias gpsa'.split(' '),
  },
  {
    title: 'Relative positions of sequences',
    about: 'A learned value or vector for each distance between two tokens.',
    functions:
      't5Buckets t5Bias gatedBias debertaBuckets disentangled shaw transformerXL relativeSincos cope'.split(
        ' ',
      ),
  },
  {
    title: 'Biases by distance',
    about: 'Scores that fall with the distance, with few numbers to learn or none.',
    functions: 'alibiSlopes alibi kerple fire sandwich'.split(' '),
  },
  {
    title: 'Masks',
    about: 'Which token may attend to which.',
    functions: 'paddingMask slidingWindowMask segmentMask'.split(' '),
  },
];
