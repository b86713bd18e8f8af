/** The figure, which is its own table: a row a workload, bars with their spread beside the published time. */
import { make } from '../../parts/dom.js';
import { BUILDS } from './results.js';
import { timeText } from './statistics.js';
import { WORKLOADS } from './workloads.js';

/** Room beyond the longest bar. */
const ROOM = 1.04;
/** Repetitions so many times the quartiles' distance beyond them are left to the file (Tukey's fences). */
const FENCE = 1.5;

/** @param {import('./report.js').Baked} baked */
export function barsTable(baked) {
  const head = ['Workload', '', 'Median', 'GFLOP/s', 'Published', ''].map((text) =>
    make('th', { scope: 'col' }, text),
  );
  const body = make('tbody');
  const element = make(
    'table',
    { className: 'speed' },
    make('caption', { className: 'hidden' }, 'Times of this tab beside the published ones, in milliseconds'),
    make('thead', {}, make('tr', {}, ...head)),
    body,
  );

  /** @param {import('./results.js').Results} results @param {Map<string, number[]> | null} samples */
  function show(results, samples) {
    body.replaceChildren(...WORKLOADS.map((workload) => rowOf(workload, results, samples)));
  }

  /** @param {import('./workloads.js').Workload} workload @param {import('./results.js').Results} results @param {Map<string, number[]> | null} samples */
  function rowOf({ key, name, what }, results, samples) {
    const published = baked.published[key];
    const mine = BUILDS.flatMap((build) => {
      const spread = results.get(`${build} ${key}`);
      if (!spread) return [];
      const fence = spread.high + FENCE * (spread.high - spread.low);
      const all = samples?.get(`${build} ${key}`) ?? [];
      return [{ build, spread, all: all.filter((milliseconds) => milliseconds <= fence) }];
    });
    // Without a time of this tab's, the published bar is half as long as it could be.
    const ends = mine.flatMap(({ spread, all }) => [spread.high, ...all]);
    const longest = ROOM * Math.max((published ?? 0) * (mine.length ? 1 : 2), ...ends, 1e-6);
    const [best] = mine;
    const isOnlyBase = best?.build === 'base';
    const bars = mine.map(({ build, spread, all }) =>
      barOf(build === 'base' && !isOnlyBase ? 'base' : 'yours', spread, all, longest),
    );
    if (published) bars.push(plain(published / longest));
    const gflop = baked.gflop[key];
    const times = mine.map(({ build, spread }) =>
      make(
        'span',
        { className: 'time' },
        make('b', {}, `${timeText(spread.median)} ms`),
        make(
          'small',
          {},
          mine.length > 1 || isOnlyBase ? build : `${timeText(spread.low)}–${timeText(spread.high)}`,
        ),
      ),
    );
    return make(
      'tr',
      {},
      make(
        'th',
        { scope: 'row' },
        make('span', { className: 'name' }, name),
        make('span', { className: 'caption' }, what),
      ),
      make('td', { className: 'bars', 'aria-hidden': true }, ...bars),
      cell('Median', ...(times.length ? times : ['–'])),
      cell('GFLOP/s', gflop && best ? ((gflop / best.spread.median) * 1000).toFixed(1) : '–'),
      cell('Published', published ? `${published} ms` : '–'),
      cell('', best && published ? ratio(published / best.spread.median) : ''),
    );
  }
  return { element, show };
}

/** @param {string} label for phones @param {...(string | Node)} content */
const cell = (label, ...content) => make('td', { className: 'figure', 'data-label': label }, ...content);

/** @param {number} times how much faster this tab is */
function ratio(times) {
  if (Math.abs(times - 1) < 0.05) return 'as published';
  return times > 1 ? `${times.toFixed(2)}× faster` : `${(1 / times).toFixed(2)}× slower`;
}

/** @param {number} share */
function plain(share) {
  const bar = make('span', { className: 'track published' }, make('i'));
  bar.style.setProperty('--length', String(share));
  return bar;
}

/** @param {string} kind @param {import('./statistics.js').Spread} spread @param {number[]} all @param {number} longest */
function barOf(kind, { median, low, high }, all, longest) {
  const ticks = all.map((milliseconds) => {
    const tick = make('s');
    tick.style.setProperty('--at', String(milliseconds / longest));
    return tick;
  });
  const whisker = make('u');
  const bar = make('span', { className: `track ${kind}` }, make('i'), ...ticks, whisker);
  bar.style.setProperty('--length', String(median / longest));
  whisker.style.setProperty('--low', String(low / longest));
  whisker.style.setProperty('--high', String(high / longest));
  return bar;
}
