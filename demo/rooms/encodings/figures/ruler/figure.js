/** A distance held on a ruler: its bucket, and who shares it. */
import { make } from '../../../../parts/dom.js';
import { createRuler } from './plot.js';
import { runAt, runsOf, sharedBy } from './runs.js';

/**
 * @param {object} kind
 * @param {string} kind.about
 * @param {string} kind.x the axis in words
 * @param {number} kind.start the distance that is held at first
 * @param {(distance: number) => string} kind.where a distance in words
 * @returns {import('../index.js').Module['create']}
 */
export const rulerOf =
  ({ about, x, start, where }) =>
  ({ params, keep }) => {
    const asked = Number(params.get('distance') ?? start);
    let distance = Number.isInteger(asked) ? asked : start;
    /** @type {import('./runs.js').Run[]} */
    let runs = [];
    const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
    const ruler = createRuler({
      x,
      hold(at) {
        distance = at;
        keep('distance', String(at));
        show();
      },
    });
    function show() {
      const at = runAt(runs, distance);
      const bucket = String(runs[at].bucket).replace('-', '−');
      const told = `distance ${String(distance).replace('-', '−')}, ${where(distance)} · bucket ${bucket}, ${sharedBy(runs, at)}`;
      readOut.textContent = told;
      ruler.show({ runs, distance, told });
    }
    return {
      root: make('figure', { className: 'ruler' }, make('p', {}, about), ruler.root, readOut),
      show(options, results) {
        const buckets = results.get('');
        if (!buckets?.data.length || options.distances) return;
        const from = Number(options.from);
        runs = runsOf(/** @type {any} */ (buckets.data), from);
        distance = Math.min(Math.max(distance, from), from + buckets.data.length - 1);
        show();
      },
      draw: ruler.draw,
    };
  };
