/**
 * The seed of fast-check's random cases, loaded before a test by `node --import`: $SEED, or another in every run. A property
 * that fails prints it, too, with the path to the smallest case.
 *
 *   SEED=1 node --import ./tests/setup/fast-check.js --test tests/tensor.test.js
 */
import fc from 'fast-check';

const { SEED } = process.env;
if (SEED) {
  const seed = Number(SEED);
  if (!Number.isInteger(seed) || Math.abs(seed) >= 2 ** 31)
    throw new Error(`SEED is "${SEED}"; expected a 32-bit integer`);
  fc.configureGlobal({ seed });
}
