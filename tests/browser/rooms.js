// The rooms of the page, and when one counts as shown. Not a test.

/** Addresses of the rooms, and what must be there before a room counts as shown. @type {Record<string, string>} */
export const ROOMS = {
  order: '.clocks path.wave',
  encodings: 'canvas, svg',
  'encodings/sincos2d': 'canvas',
  'encodings/rope': 'canvas, svg',
  draw: '.rows .said',
  pictures: 'canvas',
  sentences: 'svg, canvas',
  inside: 'canvas',
  speed: 'button',
};

/** In the page: whether its room is there, with what belongs into it. @param {string} selector */
export const isShown = (selector) => {
  const main = document.querySelector('main');
  return Boolean(
    main?.querySelector('h1') && main.querySelector(`:is(${selector})`) && !main.hasAttribute('aria-busy'),
  );
};

/** In the page: when its letters are there and its colours are no longer on their way. */
export const rest = async () => {
  await document.fonts.ready;
  await Promise.allSettled(document.getAnimations().map((one) => one.finished));
};
