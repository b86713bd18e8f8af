/** What Sentences starts with: vectors of its texts in 8 bits, their places on the map, and what shorter vectors find of the nearest. */
import { placesOf } from '../rooms/sentences/places.js';
import { BITS, foundAgain, nearestOfAll, stepsOf } from '../rooms/sentences/recall.js';
import { QUESTIONS, SENTENCES, TOPIC_OF } from '../rooms/sentences/texts.js';
import { base64, minilm } from './minilm.js';

/** Digits of a place; the map has some 500 pixels. */
const DIGITS = 4;

export default async function bake() {
  const { encoder } = await minilm();
  const texts = [...SENTENCES, ...QUESTIONS];
  const [full, short] = [await encoder.embed(texts), await encoder.embed(texts, { precision: 'int8' })];
  const steps = stepsOf(encoder.dimensions);
  const truth = nearestOfAll(full, SENTENCES.length);
  const found = BITS.flatMap((bits) =>
    steps.flatMap((width) => [...foundAgain(full, truth, SENTENCES.length, width, bits)]),
  );
  const places = placesOf(await encoder.embed(SENTENCES), TOPIC_OF);
  return {
    dimensions: encoder.dimensions,
    vectors: base64(short.data),
    places: places.map((place) => place.map((x) => Number(x.toFixed(DIGITS)))),
    found: base64(Uint16Array.from(found)), // [bits, steps, texts]
  };
}
