/** *Every head has a taste*: a held patch, and what each head adds to its scores, as maps by patch or by offset. */
import { segments } from '../../../../parts/controls.js';
import { addStyle, make } from '../../../../parts/dom.js';
import { scaleOf, told } from '../../../../parts/heat.js';
import { createBar } from '../shared/bar.js';
import { percent, softmax } from '../shared/softmax.js';
import css from './heads.css';
import { createMaps } from './maps.js';
import { byOffset, countOf, offsetInWords, valuesOf } from './shown.js';

/** Cells a side that have room for numbers. */
const ROOM = 13;

/**
 * @typedef {import('./shown.js').Taste} Taste
 *
 * @param {string | HTMLElement} about
 * @param {(core: import('../../../../../web/encodings.js').Encodings, options: Record<string, any>, table: import('./shown.js').Tensor) => Taste} of
 * @returns {import('../index.js').Module['create']}
 */
export const headsOf =
  (about, of) =>
  ({ core, page, params, hold, keep }) => {
    addStyle(css);
    /** @type {Taste | undefined} */
    let taste;
    const asked = params.get('patch')?.split(',').map(Number) ?? [];
    let held = { row: asked[0] ?? 3, column: asked[1] ?? 2 };
    let chosen = Number(params.get('head') ?? 0) || 0;
    let isAfter = params.get('after') === 'softmax';
    let isByOffset = params.get('by') === 'offset';
    let isFirst = true;
    const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
    const maps = createMaps({
      ...{ taste: () => taste, at: () => held, hold: take, choose },
      placeOf: (down, across, isOffset) => placeOf(down, across, isOffset ?? isByOffset),
    });
    const bar = createBar();
    const way = segments({
      name: 'Arranged',
      choices: [
        ['patch', 'by patch'],
        ['offset', 'by offset'],
      ],
      value: isByOffset ? 'offset' : 'patch',
      change(value) {
        isByOffset = value === 'offset';
        keep('by', isByOffset ? 'offset' : undefined);
        draw();
      },
    });
    const when = segments({
      name: 'Scores or shares',
      choices: [
        ['scores', 'before softmax'],
        ['shares', 'after'],
      ],
      value: isAfter ? 'shares' : 'scores',
      change(value) {
        isAfter = value === 'shares';
        keep('after', isAfter ? 'softmax' : undefined);
        rescale();
        draw();
      },
    });
    /** @type {ReturnType<typeof scaleOf>} */
    let scale = { low: 0, high: 1, map: 'sequential' };

    const queryOf = (/** @type {Taste} */ { queries, prefix }) =>
      held.row < 0 ? 0 : prefix + held.row * queries[1] + held.column;
    const isShares = () => isAfter || (taste?.isShares ?? false);
    /** @param {number} head @param {number} query */
    const seenBy = (head, query) => {
      const values = valuesOf(/** @type {Taste} */ (taste), head, query);
      return isAfter && !taste?.isShares ? softmax(values) : values;
    };

    /** One scale for all heads and patches, so that colours keep their values while the mark moves. */
    function rescale() {
      if (!taste) return;
      const values = [];
      for (let head = 0; head < taste.heads; head++)
        for (let query = 0; query < countOf(taste); query++) values.push(...seenBy(head, query));
      scale = scaleOf(values);
      if (isShares() || taste.isIndex) scale.low = 0;
    }

    /** @param {number} head */
    function choose(head) {
      if (head === chosen) return;
      chosen = head;
      keep('head', String(head));
      moved();
    }
    /** @param {number} row @param {number} column */
    function take(row, column) {
      held = { row, column };
      keep('patch', `${row},${column}`);
      moved();
    }
    function moved() {
      draw();
      page.say(readOut.textContent ?? '');
      goBelow();
    }
    function goBelow() {
      if (taste) hold(queryOf(taste), undefined, chosen);
    }

    /** The patch under a pointer; by offset, the one whose part of the table has its middle there. @param {number} down @param {number} across @param {boolean} isOffset */
    function placeOf(down, across, isOffset) {
      if (!taste) return held;
      const { queries, keys, stride } = taste;
      const [row, column] = [down, across].map((share, axis) => {
        const far = (queries[axis] - 1) * stride[axis];
        const at = isOffset
          ? (far - (share * (far + keys[axis]) - keys[axis] / 2)) / stride[axis]
          : (share * keys[axis]) / stride[axis] - 0.5;
        return Math.min(Math.max(Math.round(at), 0), queries[axis] - 1);
      });
      return { row, column };
    }
    function draw() {
      if (!taste) return;
      const query = queryOf(taste);
      const isClass = held.row < 0;
      const { prefix, keys, queries, stride } = taste;
      const where = isClass ? 'the class token' : `patch row ${held.row}, column ${held.column}`;
      for (const { map, head, isOffset: given } of maps.all()) {
        const isOffset = given ?? (isByOffset && taste.hasOffsets === true);
        const values = seenBy(head, query);
        const table = isOffset
          ? byOffset(taste, head, seenBy)
          : { data: values.slice(prefix), rows: keys[0], columns: keys[1] };
        const box = isOffset
          ? {
              row: (queries[0] - 1 - held.row) * stride[0],
              column: (queries[1] - 1 - held.column) * stride[1],
              ...{ rows: keys[0], columns: keys[1] },
            }
          : { row: held.row * stride[0], column: held.column * stride[1], rows: 1, columns: 1 };
        map.show(
          {
            ...table,
            ...{ range: [scale.low, scale.high], map: scale.map, mark: isClass ? null : box },
            ...{ token: prefix ? values[0] : undefined, isToken: isClass },
            parts: isOffset || isShares() ? undefined : taste.parts?.(head, query),
            hasNumbers: taste.isIndex && table.rows <= ROOM,
            label: `${taste.heads > 1 ? `Head ${head + 1}` : given ? 'The table' : 'The patches'}, ${where}`,
          },
          head === chosen,
        );
      }
      maps.mark(chosen);
      const whole = (/** @type {number} */ value) => String(Math.round(value));
      bar.show([scale.low, scale.high], scale.map, isShares() ? percent : taste.isIndex ? whole : told);
      readOut.textContent = `${where} · ${inWords(taste, seenBy(chosen, query), query)}`;
    }

    /** What the chosen head likes. @param {Taste} now @param {ArrayLike<number>} values @param {number} query */
    function inWords({ isIndex, prefix, keys, stride }, values, query) {
      const list = Array.from(values);
      const placeIn = (/** @type {number} */ key) => {
        if (key < prefix) return query < prefix ? 'itself' : 'the class token';
        const [y, x] = [Math.floor((key - prefix) / keys[1]), (key - prefix) % keys[1]];
        if (held.row < 0) return `patch row ${y}, column ${x}`;
        return offsetInWords(y - held.row * stride[0], x - held.column * stride[1]);
      };
      const [most, least] = [Math.max(...list), Math.min(...list)];
      if (isIndex) return `rows ${least} to ${most} of the table, one a key`;
      const tell = (/** @type {number} */ value) => (isShares() ? percent(value) : told(value));
      return `head ${chosen + 1} likes most: ${placeIn(list.indexOf(most))}, ${tell(most)}; least: ${placeIn(list.indexOf(least))}, ${tell(least)}`;
    }

    return {
      root: make(
        'figure',
        { className: 'taste' },
        make('div', { className: 'taste-top' }, make('p', {}, about), way, when),
        maps.root,
        make('div', { className: 'heat-below' }, readOut, bar.root),
      ),
      show(options, results) {
        const table = results.get('');
        if (!table) return;
        taste = of(core, options, table);
        const [rows, columns] = taste.queries;
        held = {
          row: Math.min(Math.max(held.row, taste.prefix ? -1 : 0), rows - 1),
          column: Math.min(Math.max(held.column, 0), columns - 1),
        };
        chosen = Math.min(chosen, taste.heads - 1);
        way.hidden = !maps.make(taste);
        when.hidden = taste.isIndex === true || taste.isShares === true;
        if (taste.isIndex) isAfter = false;
        rescale();
        draw();
        if (isFirst) goBelow();
        isFirst = false;
      },
      mark(row) {
        if (!taste || row === queryOf(taste) || row >= countOf(taste)) return;
        const at = row - taste.prefix;
        held =
          at < 0
            ? { row: -1, column: 0 }
            : { row: Math.floor(at / taste.queries[1]), column: at % taste.queries[1] };
        keep('patch', `${held.row},${held.column}`);
        draw();
      },
      draw,
    };
  };
