/** A word that is dragged along the sentence; what lies between makes room meanwhile. */

/**
 * @param {HTMLElement} element
 * @param {() => HTMLElement[]} all the words in order, this one among them
 * @param {number} own its place
 * @param {{ press: () => void, carry: (to: number) => void }} acts press: it was not moved
 */
export function dragWord(element, all, own, { press, carry }) {
  element.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    element.setPointerCapture(event.pointerId);
    const words = all();
    const middles = words.map((word) => {
      const { left, width } = word.getBoundingClientRect();
      return left + width / 2;
    });
    let to = own;
    let isMoved = false;
    const move = (/** @type {PointerEvent} */ { clientX }) => {
      const way = clientX - event.clientX;
      isMoved ||= Math.abs(way) > 6;
      if (!isMoved) return;
      const x = middles[own] + way;
      to = middles.reduce(
        (best, middle, i) => (Math.abs(middle - x) < Math.abs(middles[best] - x) ? i : best),
        own,
      );
      words.forEach((word, i) => {
        const room = i > own && i <= to ? -1 : i < own && i >= to ? 1 : 0;
        const by = i === own ? way : room ? middles[i + room] - middles[i] : 0;
        word.style.translate = by ? `${by}px 0` : '';
      });
      element.classList.add('lifted');
    };
    const leave = new AbortController();
    const end = (/** @type {boolean} */ isDropped) => {
      leave.abort();
      element.classList.remove('lifted');
      for (const word of words) word.style.translate = '';
      if (!isDropped) return;
      if (!isMoved) press();
      else if (to !== own) carry(to);
    };
    element.addEventListener('pointermove', move, { signal: leave.signal });
    element.addEventListener('pointerup', () => end(true), { signal: leave.signal });
    element.addEventListener('pointercancel', () => end(false), { signal: leave.signal });
  });
}
