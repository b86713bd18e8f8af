/** All heads as buttons with their colours and a number each; one is chosen. */
import { colourAt, theme } from '../../../../parts/colours.js';
import { make } from '../../../../parts/dom.js';

/** Colours of lines, all well seen on the page. @param {number} count */
export function headColours(count) {
  const first = theme() === 'dark' ? 0.44 : 0.54;
  return Array.from({ length: count }, (_, head) =>
    colourAt('sequential', count === 1 ? 0.7 : first + ((1 - first) * head) / (count - 1)),
  );
}

/** @param {(head: number) => void} choose */
export function createHeads(choose) {
  const root = make('div', { className: 'fan-heads', role: 'radiogroup', 'aria-label': 'Head' });
  let chosen = 0;
  const buttons = () => /** @type {HTMLButtonElement[]} */ ([...root.children]);
  root.addEventListener('keydown', (event) => {
    const all = buttons();
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const to = { Home: 0, End: all.length - 1 }[event.key] ?? (step === undefined ? -1 : chosen + step);
    if (!all[to]) return;
    event.preventDefault();
    choose(to);
    buttons()[to].focus();
  });
  return {
    root,
    /** @param {{ colour?: string, told: string }[]} heads a colour, if lines have one @param {number} which */
    show(heads, which) {
      chosen = which;
      const all = buttons();
      if (all.length !== heads.length)
        root.replaceChildren(
          ...heads.map((_, head) => {
            const button = make(
              'button',
              { type: 'button', role: 'radio' },
              make('i', { 'aria-hidden': 'true' }),
              `head ${head + 1}`,
              make('b'),
            );
            button.addEventListener('click', () => choose(head));
            return button;
          }),
        );
      buttons().forEach((button, head) => {
        const [line, number] = /** @type {HTMLElement[]} */ ([...button.children]);
        line.hidden = !heads[head].colour;
        line.style.background = heads[head].colour ?? '';
        number.textContent = heads[head].told;
        button.setAttribute('aria-checked', String(head === which));
        button.tabIndex = head === which ? 0 : -1;
      });
    },
  };
}
