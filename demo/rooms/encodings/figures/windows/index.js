/** *Windows that move*: Swin's shifted windows as a film over a photograph. */

import photograph from 'asset:.cache/photo/photo.jpg';
import { token } from '../../../../parts/colours.js';
import { addStyle, make } from '../../../../parts/dom.js';
import { createFilm, STILLS } from './film.js';
import { doesSee } from './paint.js';
import { cutOf, sceneOf } from './scene.js';
import { createWho } from './who.js';
import css from './windows.css';

const CREDIT = 'The photograph: Chelsea the cat, by Stéfan van der Walt, CC0, from scikit-image.';
/** The still that the page opens at: the mask. */
const START = 3;

/** @type {import('../index.js').Module['create']} */
export async function create({ page, params, hold, keep }) {
  addStyle(css);
  const photo = new Image();
  photo.src = photograph;
  await photo.decode();
  /** @type {import('./scene.js').Scene | undefined} */
  let scene;
  const [row = 5, column = 6] = (params.get('patch')?.split(',') ?? []).map(Number);
  let held = { row, column };
  const asked = Number(params.get('film') ?? START);
  /** @type {import('./paint.js').Colours | undefined} */
  let colours;
  const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
  const step = make('p', { className: 'swin-step' });

  const film = createFilm({
    ...{ photo, signal: page.signal, start: asked >= 0 && asked <= 4 ? asked : START },
    hold: take,
    onTime(time) {
      keep('film', time === START ? undefined : String(Number(time.toFixed(2))));
      const [name, about] = STILLS[Math.round(time)];
      step.replaceChildren(make('b', {}, `${Math.round(time) + 1} ${name}`), ` ${about}`);
      tell();
    },
    colours() {
      colours ??= {
        parts: ['who', 'whom', 'where', 'when'].map(token),
        ...{ paper: token('page'), surface: token('surface') },
      };
      return colours;
    },
  });
  const who = createWho((window) => {
    if (!scene) return;
    const { place } = scene.placeOf(held.row, held.column);
    take(inMap(scene.patchAt(window, place)));
  });

  /** @param {{ row: number, column: number }} patch of the padding: the nearest that is not */
  const inMap = (patch) => ({
    row: Math.min(patch.row, (scene?.map[0] ?? 1) - 1),
    column: Math.min(patch.column, (scene?.map[1] ?? 1) - 1),
  });

  /** @param {{ row: number, column: number }} patch */
  function take(patch) {
    held = patch;
    keep('patch', `${patch.row},${patch.column}`);
    show();
    page.say(readOut.textContent ?? '');
    if (!scene) return;
    const { window, place } = scene.placeOf(patch.row, patch.column);
    hold(place, undefined, window);
  }

  function show() {
    if (!scene) return;
    film.mark(held, `The picture in windows, patch row ${held.row}, column ${held.column}`);
    who.mark(scene.placeOf(held.row, held.column));
    tell();
  }

  function tell() {
    if (!scene) return;
    const time = film.time();
    const { window } = scene.placeOf(held.row, held.column);
    let [seen, all] = [0, 0];
    for (let r = 0; r < scene.map[0]; r++)
      for (let c = 0; c < scene.map[1]; c++) {
        if (doesSee(scene, time, held, { row: r, column: c })) seen++;
        if (scene.placeOf(r, c).window === window) all++;
      }
    const isCut = time < 0.5;
    const where = isCut ? cutOf(scene, held.row, held.column) : window;
    const strangers = isCut ? 0 : all - seen;
    readOut.textContent = `patch row ${held.row}, column ${held.column} · window ${where + 1} of ${scene.windows} · sees ${seen} patches${strangers ? `, and ${strangers} strangers not` : ''}`;
  }

  const root = make(
    'figure',
    { className: 'swin' },
    make('div', { className: 'swin-main' }, film.frame, film.bar),
    film.strip,
    make(
      'div',
      { className: 'swin-side' },
      step,
      readOut,
      make('h2', {}, 'Who may see whom, window by window'),
      who.root,
      make(
        'p',
        { className: 'caption' },
        'A row a patch of the window, a column a patch of it: where it is filled, the one may see the other.',
      ),
    ),
    make('figcaption', {}, CREDIT),
  );
  return {
    root,
    show(options, results) {
      const mask = results.get('');
      if (!mask) return;
      scene = sceneOf(options, mask);
      held = inMap(held);
      const isFirst = !film.isShown();
      film.show(scene, held);
      who.show(scene);
      show();
      const { window, place } = scene.placeOf(held.row, held.column);
      if (isFirst) hold(place, undefined, window);
    },
    mark(place) {
      if (!scene || place >= scene.places) return;
      const { window, place: now } = scene.placeOf(held.row, held.column);
      if (place !== now) take(inMap(scene.patchAt(window, place)));
    },
    draw() {
      colours = undefined;
      film.draw();
      who.draw();
    },
  };
}
