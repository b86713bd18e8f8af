/** What the picture might be: labels of the visitor's own where the network knows words (CLIP, SigLIP), else its classes (ViT, DeiT). */
import { make } from '../../parts/dom.js';
import { percent } from './words.js';

const FIRST = ['a cat looking at you', 'a tiger', 'a dog', 'an owl', 'a cup of coffee'];
/** More would not be read. */
const MOST = 12;

/** @typedef {'words' | 'classes' | 'none'} Knows */

/** @param {(labels: string[] | null) => Promise<{ label: string, score: number }[] | null>} ask null: of its own classes @param {(text: string) => void} say */
export function createLabels(ask, say) {
  /** @type {Knows} */
  let knows = 'none';
  let labels = [...FIRST];
  let name = '';
  let isBusy = false;
  /** @type {Map<string, number>} */
  let scores = new Map();
  const title = make('h2', {}, 'Say what it might be');
  const aside = make('span', { className: 'caption' });
  const list = make('ol', { 'aria-label': 'Labels' });
  const input = make('input', {
    type: 'text',
    placeholder: 'type another',
    'aria-label': 'Another label',
    maxLength: 80,
    autocomplete: 'off',
  });
  const note = make('p', { className: 'caption' });
  const root = make(
    'div',
    { className: 'labels' },
    make('div', { className: 'line' }, title, aside),
    list,
    input,
    note,
  );

  async function judge() {
    if (knows === 'none') return show();
    isBusy = true;
    show();
    try {
      const found = await ask(knows === 'words' ? labels : null);
      if (!found) return; // a newer question is on its way
      scores = new Map(found.map(({ label, score }) => [label, score]));
      if (knows === 'classes') labels = found.map(({ label }) => label);
      isBusy = false;
      note.textContent = '';
      show();
      if (found[0]) say(`${found[0].label}, ${percent(found[0].score)}`);
    } catch (error) {
      isBusy = false;
      show();
      note.textContent = `It was not told what this is: ${/** @type {Error} */ (error).message}.`;
    }
  }

  function show() {
    const isOwn = knows !== 'classes';
    title.textContent = isOwn ? 'Say what it might be' : 'What it takes it for';
    aside.textContent = knows === 'none' ? 'CLIP or SigLIP' : name;
    input.hidden = !isOwn || labels.length >= MOST;
    root.classList.toggle('empty', knows === 'none');
    root.setAttribute('aria-busy', String(isBusy));
    const order = [...labels].sort((a, b) => (scores.get(b) ?? -1) - (scores.get(a) ?? -1));
    const most = Math.max(...order.map((label) => scores.get(label) ?? 0), 1e-9);
    list.replaceChildren(
      ...order.map((label, i) => {
        const score = knows === 'none' ? undefined : scores.get(label);
        const bar = make('i', { className: i || score === undefined ? 'bar' : 'bar best' });
        bar.style.setProperty(
          '--share',
          `${score === undefined ? 0 : Math.max(100 * Math.min(score / Math.max(most, 0.5), 1), 0.8)}%`,
        );
        const remove = make(
          'button',
          { type: 'button', className: 'plain', 'aria-label': `Remove “${label}”` },
          '×',
        );
        remove.addEventListener('click', () => {
          labels = labels.filter((one) => one !== label);
          judge();
          input.focus();
        });
        return make(
          'li',
          {},
          make('span', { className: 'label' }, label),
          make('span', { className: 'track' }, bar),
          make('span', { className: 'number' }, score === undefined ? '–' : percent(score)),
          ...(isOwn && labels.length > 1 ? [remove] : []),
        );
      }),
    );
    if (knows === 'none')
      note.textContent = `${name} has no words. Drop the folder of a CLIP or SigLIP for labels of your own, or of a ViT or DeiT for the classes that it learned.`;
  }
  input.addEventListener('keydown', ({ key }) => {
    const label = input.value.trim();
    if (key !== 'Enter' || !label) return;
    input.value = '';
    if (!labels.includes(label)) labels = [...labels, label];
    judge();
  });
  show();

  return {
    root,
    /** Another network, or another picture that it has read. @param {Knows} next @param {string} called */
    use(next, called) {
      if (next === 'words' && knows === 'classes') labels = [...FIRST];
      if (next === 'none' && knows === 'classes') labels = [...FIRST];
      knows = next;
      name = called;
      scores = new Map();
      note.textContent = '';
      return judge();
    },
  };
}
