/** The formulas of all encodings as MathML, by name. */
import { FORMULAS } from '../code/formulas.js';
import { formulaOf } from '../code/mathml.js';

export default async function bake() {
  return Object.fromEntries(Object.keys(FORMULAS).map((name) => [name, formulaOf(name)]));
}
