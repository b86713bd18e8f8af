/** How fast is this tab? Workloads measured in a worker, beside what the project has published. */

import address from 'worker:demo/rooms/speed/worker.js';
import { hasRelaxedSimd } from '../../../web/features.js';
import { readAddress, writeAddress } from '../../parts/address.js';
import { button, segments } from '../../parts/controls.js';
import { addStyle, make } from '../../parts/dom.js';
import { progressLine } from '../../parts/progress.js';
import { barsTable } from './bars.js';
import { browserName, report, tableText } from './report.js';
import { packed, unpacked } from './results.js';
import css from './speed.css';
import { spreadOf } from './statistics.js';
import { WORKLOADS } from './workloads.js';

/** @typedef {import('./results.js').Build} Build */
/** @typedef {import('./results.js').Results} Results */

const CHOICES = /** @type {const} */ ([
  ['best', 'best build'],
  ['both', 'both builds'],
]);
/** Repetitions after which a workload counts as done, for the line of progress. */
const EXPECTED = 25;

/** @type {import('../../main.js').Room['mount']} */
export async function mount(root, page, first) {
  addStyle(css);
  page.title('How fast is this tab?');
  const { default: baked } = await import('baked:speed');
  const isRelaxed = hasRelaxedSimd();
  let { choice, results, from } = stateOf(first);
  /** What was measured here, each repetition; null for results that a link brought. @type {Map<string, number[]> | null} */
  let samples = null;
  let wasHidden = false;
  /** @type {Worker | null} */
  let worker = null;

  const start = button('Measure', measure, { main: true });
  const progress = progressLine(() => stop('Stopped: what was measured until then stands.'));
  const builds = segments({
    name: 'Builds',
    choices: isRelaxed ? CHOICES : [CHOICES[0]],
    value: choice,
    change: (value) => {
      choice = value;
      writeState();
    },
  });
  const fault = make('p', { className: 'fault', role: 'alert', hidden: true });
  const note = make('p', { className: 'caption' });
  const save = button('Save JSON', saveJson);
  const copy = button('Copy as table', copyTable);
  const bars = barsTable(baked);
  root.append(
    make(
      'header',
      { className: 'head' },
      make('h1', {}, 'How fast is this tab?'),
      make(
        'p',
        {},
        'Seven workloads, in a thread of their own: nothing is downloaded, the weights are random numbers of real models’ sizes. It takes about fifteen seconds a build.',
      ),
    ),
    make('div', { className: 'chips' }, start, builds, make('span', { className: 'end chips' }, save, copy)),
    make('div', { className: 'status' }, progress, fault),
    bars.element,
    note,
    make(
      'p',
      { className: 'caption legend' },
      make('i', { className: 'yours' }),
      'this tab: the median; the blue line goes from the lower to the upper quartile, the ticks are repetitions · ',
      ...(isRelaxed
        ? [make('i', { className: 'base' }), 'the build for browsers without relaxed SIMD · ']
        : []),
      make('i', { className: 'published' }),
      `published: ${baked.machine}, one thread`,
    ),
  );
  page.signal.addEventListener('abort', () => worker?.terminate());
  document.addEventListener('visibilitychange', () => (wasHidden ||= document.hidden && worker !== null), {
    signal: page.signal,
  });
  show();

  function measure() {
    worker?.terminate();
    [samples, results, from, wasHidden] = [new Map(), new Map(), '', false];
    fault.hidden = true;
    const wanted = /** @type {Build[]} */ (
      !isRelaxed ? ['base'] : choice === 'both' ? ['relaxed', 'base'] : ['relaxed']
    );
    worker = new Worker(address, { type: 'module' });
    worker.onmessage = ({ data }) => take(data, wanted);
    worker.onerror = (event) => {
      event.preventDefault();
      complain('The thread that measures could not be started: is there a network?');
    };
    progress.set(0, 'Starting');
    worker.postMessage({ keys: WORKLOADS.map(({ key }) => key), builds: wanted });
    show();
  }

  /** @param {any} data of the worker @param {Build[]} wanted */
  function take(data, wanted) {
    if (data.type === 'fault') return complain(`The measurement stopped: ${data.message}.`);
    if (data.type === 'end') return stop('Done.');
    const { key, build } = data;
    const done = wanted.indexOf(build) * WORKLOADS.length + WORKLOADS.findIndex((one) => one.key === key);
    const all = wanted.length * WORKLOADS.length;
    const name = WORKLOADS.find((one) => one.key === key)?.name;
    const mine = samples?.get(`${build} ${key}`) ?? [];
    if (data.type === 'sample') {
      mine.push(data.milliseconds);
      samples?.set(`${build} ${key}`, mine);
      results.set(`${build} ${key}`, spreadOf(mine));
    }
    progress.set(
      (done + Math.min(mine.length / EXPECTED, 0.95)) / all,
      `${done + 1} of ${all}: ${name}, ${build} build`,
    );
    show();
  }

  /** @param {string} text */
  function stop(text) {
    worker?.terminate();
    worker = null;
    progress.hidden = true;
    writeState();
    show();
    page.say(text);
  }

  /** @param {string} text */
  function complain(text) {
    fault.textContent = text;
    fault.hidden = false;
    stop('');
  }

  function show() {
    const isBusy = worker !== null;
    start.textContent = results.size && !isBusy ? 'Measure again' : 'Measure';
    start.disabled = isBusy;
    save.disabled = isBusy || !samples?.size;
    copy.disabled = isBusy || !results.size;
    bars.show(results, samples);
    note.textContent = noteOf();
  }

  function noteOf() {
    if (!results.size) return 'Not measured yet: the pale bars are the published times.';
    if (!samples) return `From the link: ${from || 'another tab'}. Measure to see this tab’s.`;
    const hidden = wasHidden ? ' The tab was hidden meanwhile, which may have slowed it.' : '';
    return `${browserName()}, ${navigator.hardwareConcurrency} cores, one thread.${hidden}`;
  }

  function environment() {
    return {
      when: new Date().toISOString(),
      version: baked.version,
      browser: browserName(),
      userAgent: navigator.userAgent,
      cores: navigator.hardwareConcurrency,
      isolated: crossOriginIsolated,
      relaxedSimd: isRelaxed,
      hiddenMeanwhile: wasHidden,
    };
  }

  function saveJson() {
    if (!samples) return;
    const text = JSON.stringify(report({ environment: environment(), baked, samples }), null, 2);
    const link = make('a', {
      href: URL.createObjectURL(new Blob([text], { type: 'application/json' })),
      download: 'wasmformer-speed.json',
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async function copyTable() {
    const text = tableText({
      results,
      baked,
      where: samples ? `${browserName()}, ${navigator.hardwareConcurrency} cores` : from,
    });
    const isCopied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    copy.textContent = isCopied ? 'Copied' : 'Not allowed to copy';
    setTimeout(() => {
      copy.textContent = 'Copy as table';
    }, 2000);
  }

  function writeState() {
    const where = samples ? `${browserName()}, ${navigator.hardwareConcurrency} cores` : from;
    writeAddress('speed', [], {
      build: choice === 'best' ? null : choice,
      ...packed(results),
      on: results.size ? where : null,
    });
  }

  return {
    show: (next) => {
      if (worker) return;
      ({ choice, results, from } = stateOf(next));
      samples = null;
      builds.set(choice);
      show();
    },
  };
}

/** @param {import('../../parts/address.js').Address} [address] */
function stateOf({ params } = readAddress()) {
  return {
    choice: /** @type {'best' | 'both'} */ (params.get('build') === 'both' ? 'both' : 'best'),
    results: unpacked(params),
    from: params.get('on') ?? '',
  };
}
