/**
 * A moment of the film: the picture as it is rolled, the windows where they stand, strangers coloured and hatched, the held patch
 * with a dot in every patch that it sees.
 */
import { make } from '../../../../parts/dom.js';
import { cutOf } from './scene.js';

/** How strong the colours of strangers are, and how far they have gone when all is back. */
const [TINT, FADED] = [0.5, 0.5];
/** Angles of the hatching by part. */
const ANGLES = [45, -45, 0, 90];

/**
 * @typedef {import('./scene.js').Scene} Scene
 *
 * @typedef {object} Colours
 * @property {string[]} parts
 * @property {string} paper
 * @property {string} surface
 */

/** The four steps from still to still, each from 0 to 1. @param {number} t */
export const stepsOf = (t) => [0, 1, 2, 3].map((step) => Math.min(Math.max(t - step, 0), 1));

/** Stills are too small for a mark. @param {HTMLCanvasElement} canvas */
const isLarge = ({ width }) => width > 200 * devicePixelRatio;

/** How far the picture is rolled at a time, in patches. @param {Scene} scene @param {number} t */
export function rollOf({ shift }, t) {
  const [, there, , back] = stepsOf(t);
  return shift.map((by) => by * (there - back));
}

/**
 * @param {HTMLCanvasElement} canvas of the form of the padded map
 * @param {Scene} scene
 * @param {CanvasImageSource & { width: number, height: number }} photo
 * @param {number} t from 0, the cut, to 4, rolled back
 * @param {{ row: number, column: number }} held
 * @param {Colours} colours
 */
export function paintFilm(canvas, scene, photo, t, held, colours) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const { padded, window, shift } = scene;
  const cell = canvas.width / padded[1];
  const world = worldOf(canvas.width, canvas.height, scene, photo, t, held, colours);
  const rolled = rollOf(scene, t).map((by) => by * cell);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (const y of [0, canvas.height])
    for (const x of [0, canvas.width]) pen.drawImage(world, x - rolled[1], y - rolled[0]);
  const [moved] = stepsOf(t);
  const frames = shift.map((by, axis) => by * cell * moved - rolled[axis]);
  const unit = Math.max(canvas.width / 100, 2.5);
  paintFrames(pen, frames, window, cell, unit);
  if (isLarge(canvas)) paintHeld(pen, scene, held, t, cell, unit);
}

/** The picture at home. @param {number} width @param {number} height @param {Scene} scene @param {any} photo @param {number} t @param {{ row: number, column: number }} held @param {Colours} colours */
function worldOf(width, height, scene, photo, t, held, colours) {
  const canvas = make('canvas', { width, height });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const { map, padded } = scene;
  const cell = width / padded[1];
  pen.fillStyle = colours.surface;
  pen.fillRect(0, 0, width, height);
  const [h, w] = [map[0] * cell, map[1] * cell];
  const scale = Math.min(photo.width / w, photo.height / h);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(
    photo,
    ...[(photo.width - w * scale) / 2, (photo.height - h * scale) / 2, w * scale, h * scale],
    ...[0, 0, w, h],
  );
  paintStrangers(pen, scene, t, cell, colours);
  pen.strokeStyle = 'rgb(255 255 255 / 0.4)';
  pen.lineWidth = Math.max(width / 600, 0.5);
  pen.beginPath();
  for (let x = 0; x <= padded[1]; x++) pen.rect(x * cell, 0, 0, height);
  for (let y = 0; y <= padded[0]; y++) pen.rect(0, y * cell, width, 0);
  pen.stroke();
  if (isLarge(canvas)) paintSeen(pen, scene, t, held, cell);
  return canvas;
}

/** @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {number} t @param {number} cell @param {Colours} colours */
function paintStrangers(pen, { padded, counts, parts, placeOf }, t, cell, colours) {
  const [, , coming, going] = stepsOf(t);
  const strength = coming * (1 - going * (1 - FADED));
  if (!strength) return;
  const areas = ANGLES.map(() => new Path2D());
  for (let row = 0; row < padded[0]; row++)
    for (let column = 0; column < padded[1]; column++) {
      const { window, place } = placeOf(row, column);
      if (counts[window] > 1)
        areas[parts[window][place] % areas.length].rect(column * cell, row * cell, cell, cell);
    }
  const { width, height } = pen.canvas;
  const far = Math.hypot(width, height);
  const gap = Math.max(cell / 3, 5);
  areas.forEach((area, k) => {
    pen.save();
    pen.clip(area);
    pen.globalAlpha = TINT * strength;
    pen.fillStyle = colours.parts[k];
    pen.fillRect(0, 0, width, height);
    pen.globalAlpha = 0.55 * strength;
    pen.translate(width / 2, height / 2);
    pen.rotate((ANGLES[k] * Math.PI) / 180);
    pen.strokeStyle = colours.paper;
    pen.lineWidth = Math.max(cell / 32, 1);
    pen.beginPath();
    for (let y = -far; y <= far; y += gap) {
      pen.moveTo(-far, y + gap / 2);
      pen.lineTo(far, y + gap / 2);
    }
    pen.stroke();
    pen.restore();
  });
}

/** A dot in every patch that the held one sees. @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {number} t @param {{ row: number, column: number }} held @param {number} cell */
function paintSeen(pen, scene, t, held, cell) {
  const [height, width] = scene.map;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      if (!doesSee(scene, t, held, { row, column })) continue;
      pen.beginPath();
      pen.arc((column + 0.5) * cell, (row + 0.5) * cell, Math.max(cell / 11, 2), 0, 7);
      pen.fillStyle = '#ffd93b';
      pen.strokeStyle = '#15173d';
      pen.lineWidth = Math.max(cell / 30, 1);
      pen.fill();
      pen.stroke();
    }
}

/**
 * Whether the held patch sees another at a time: before the shift those of its window, then by the mask.
 * @param {Scene} scene
 * @param {number} t
 * @param {{ row: number, column: number }} held
 * @param {{ row: number, column: number }} other
 */
export function doesSee(scene, t, held, other) {
  if (t < 0.5) return cutOf(scene, held.row, held.column) === cutOf(scene, other.row, other.column);
  const [a, b] = [held, other].map(({ row, column }) => scene.placeOf(row, column));
  return a.window === b.window && scene.sees(a.window, a.place, b.place);
}

/** @param {CanvasRenderingContext2D} pen @param {number[]} from @param {number[]} window @param {number} cell @param {number} unit */
function paintFrames(pen, from, window, cell, unit) {
  const { width, height } = pen.canvas;
  const at = (/** @type {number} */ axis, /** @type {number} */ size) => {
    const step = window[axis] * cell;
    const lines = [];
    for (let x = (((from[axis] % step) + step) % step) - step; x <= size + step / 2; x += step) lines.push(x);
    return lines;
  };
  for (const [extra, colour] of /** @type {const} */ ([
    [unit * 0.9, '#15173d'],
    [0, '#ffd93b'],
  ])) {
    pen.fillStyle = colour;
    const thick = unit + extra;
    for (const x of at(1, width)) pen.fillRect(x - thick / 2, 0, thick, height);
    for (const y of at(0, height)) pen.fillRect(0, y - thick / 2, width, thick);
  }
}

/** @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {{ row: number, column: number }} held @param {number} t @param {number} cell @param {number} unit */
function paintHeld(pen, scene, held, t, cell, unit) {
  const rolled = rollOf(scene, t);
  const { padded } = scene;
  const spots = [held.row - rolled[0], held.column - rolled[1]].map((at, axis) => [at, at + padded[axis]]);
  for (const row of spots[0])
    for (const column of spots[1]) {
      const rect = /** @type {const} */ ([
        column * cell + unit / 2,
        row * cell + unit / 2,
        cell - unit,
        cell - unit,
      ]);
      pen.lineWidth = unit * 1.7;
      pen.strokeStyle = '#15173d';
      pen.strokeRect(...rect);
      pen.lineWidth = unit;
      pen.strokeStyle = '#ffd93b';
      pen.strokeRect(...rect);
    }
}
