/** The same numbers as code, in four languages, by the options that stand. */
import { segments } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';
import { onceAFrame } from '../../parts/motion.js';
import { download } from '../../parts/save.js';

/** @typedef {import('../../code/index.js').Language} Language */

const WORDS = /** @type {[Language, string][]} */ ([
  ['javascript', 'JavaScript'],
  ['numpy', 'NumPy'],
  ['pytorch', 'PyTorch'],
  ['shell', 'Shell'],
]);

/** @param {typeof import('../../code/index.js')} code */
export function codePanel(code) {
  /** @type {Language} */
  let language = 'javascript';
  /** @type {[string, Record<string, any>] | undefined} */
  let what;
  const text = make('code');
  const files = make('p', { className: 'caption' });
  const copy = make('button', { type: 'button', className: 'link', 'aria-live': 'polite' }, 'Copy');
  copy.addEventListener('click', async () => {
    const done = await navigator.clipboard?.writeText(text.textContent ?? '').then(
      () => 'Copied',
      () => 'Not allowed here',
    );
    copy.textContent = done ?? 'Not allowed here';
    setTimeout(() => {
      copy.textContent = 'Copy';
    }, 2000);
  });
  const { codeOf, filesOf } = code;
  // Between two pictures: a table of many numbers takes a while to be told.
  const draw = onceAFrame(() => {
    if (!what) return;
    const [name, options] = what;
    text.textContent = codeOf(name, options, language);
    const needed = Object.entries(filesOf(name, options, language));
    files.replaceChildren(
      ...(needed.length
        ? ['It reads ', ...needed.flatMap(([file, tensor]) => [fileLink(file, tensor), ' '])]
        : []),
    );
  });
  const tabs = segments({
    name: 'Language',
    choices: WORDS,
    value: language,
    change: (value) => {
      language = value;
      draw();
    },
  });
  return {
    root: make(
      'div',
      { className: 'code-panel' },
      make('div', { className: 'code-head' }, tabs, copy),
      make('pre', { tabIndex: 0 }, text),
      files,
    ),
    /** @param {string} name @param {Record<string, any>} options */
    show(name, options) {
      what = [name, { ...options }];
      draw();
    },
  };
}

/** @param {string} file @param {any} tensor */
function fileLink(file, tensor) {
  const link = make('button', { type: 'button', className: 'link' }, file);
  link.addEventListener('click', () => download(file, new Blob([tensor.toNpy()])));
  return link;
}
