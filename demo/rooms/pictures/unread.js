/** Pictures before a network has read them. */

/** @param {string} address */
export async function imageOf(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** A picture that no network has read. @param {import('./baked.js').Source} like @returns {import('./baked.js').Source} */
export const unread = ({ name, facts }) => ({
  ...{ name, facts: { ...facts }, isBaked: true },
  like: async () => [],
  heads: async () => null,
  look: async () => null,
  colours: async () => null,
});
