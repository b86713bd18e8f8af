/**
 * The options of an encoding as a form, made from its table: a field for each, its help beside it. Empty fields are options left out.
 */
import { Tensor } from 'wasmformer';
import { tell } from '../../web/documentation.js';
import { parseOption, TextError } from '../../web/option-text.js';
import { make, withCode } from './dom.js';

/**
 * @typedef {import('../../web/documentation.js').DocumentedOption} DocumentedOption
 * @typedef {Record<string, string>} Texts by the options' names; '' where there is none
 */

/** Random tables: the same for the same sizes. */
const RANDOM = /^\s*random\s+(\d+(?:\s*x\s*\d+){0,3})\s*$/;
const MOST_RANDOM = 1 << 22;

/**
 * @param {object} places
 * @param {HTMLElement} places.first gets the fields that matter most
 * @param {HTMLElement} places.rest gets the others
 * @param {() => void} onChange
 */
export function createOptionForm({ first, rest }, onChange) {
  /** @type {Map<string, { option: DocumentedOption, input: HTMLInputElement | HTMLSelectElement }>} */
  let fields = new Map();
  /** Tables from files, which no text stands for. @type {Map<string, { name: string, tensor: Tensor }>} */
  const files = new Map();

  return {
    /** @param {DocumentedOption[]} options @param {string[]} names of those that come first */
    show(options, names) {
      files.clear();
      fields = new Map();
      first.replaceChildren();
      rest.replaceChildren();
      for (const option of [...options].sort((a, b) => rankOf(a, names) - rankOf(b, names))) {
        const isFirst = option.required || names.includes(option.name);
        const { field, input } = fieldOf(option, onChange, (name, tensor) => {
          files.set(option.name, { name, tensor });
          onChange();
        });
        (isFirst ? first : rest).append(field);
        fields.set(option.name, { option, input });
      }
    },
    /** @param {Texts} texts options that are not named become empty */
    fill(texts) {
      for (const [name, { input }] of fields) input.value = texts[name] ?? '';
    },
    /** @returns {Texts} */
    texts: () => Object.fromEntries([...fields].map(([name, { input }]) => [name, input.value.trim()])),
    /**
     * The options as the library takes them.
     * @returns {Record<string, any>}
     * @throws {Error} a text that is not what its option needs
     */
    options() {
      /** @type {Record<string, any>} */
      const given = {};
      for (const [name, { option, input }] of fields) {
        const text = input.value.trim();
        input.removeAttribute('aria-invalid');
        const file = files.get(name);
        if (text === '') continue;
        try {
          given[name] = file?.name === text ? file.tensor : valueOfText(option, text);
        } catch (error) {
          if (!(error instanceof TextError)) throw error;
          input.setAttribute('aria-invalid', 'true');
          throw new Error(`option "${name}" is “${text}”; expected ${error.message}`);
        }
      }
      return given;
    },
  };
}

/** @param {DocumentedOption} option @param {string[]} names */
function rankOf({ name }, names) {
  const place = names.indexOf(name);
  return place < 0 ? names.length : place;
}

/** @param {DocumentedOption} option @param {string} text */
function valueOfText(option, text) {
  if (option.kind === 'flag') return text === 'true';
  if (option.kind !== 'floats') return parseOption(option, text);
  const random = RANDOM.exec(text);
  if (!random && /^\s*random/.test(text)) throw new TextError('sizes behind random, such as random 49 x 3');
  const { data, shape } = random ? randomTable(random[1].split('x').map(Number)) : parseOption(option, text);
  return new Tensor('float32', data, shape);
}

/** Numbers between -1 and 1 by a linear congruence (Numerical Recipes' constants). @param {number[]} shape */
function randomTable(shape) {
  const count = shape.reduce((product, size) => product * size, 1);
  if (!(count >= 1 && count <= MOST_RANDOM)) throw new TextError(`sizes with 1 to ${MOST_RANDOM} numbers`);
  let state = count;
  const data = Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return { data, shape };
}

/**
 * @param {DocumentedOption} option
 * @param {() => void} onChange
 * @param {(name: string, tensor: Tensor) => void} onFile
 */
function fieldOf(option, onChange, onFile) {
  const { name, kind, choices } = option;
  const id = `option-${name}`;
  const values = kind === 'flag' ? ['true', 'false'] : kind === 'choice' ? choices : null;
  const input = values
    ? selectOf(values)
    : make('input', { type: 'text', autocomplete: 'off', spellcheck: false });
  input.id = id;
  input.setAttribute('aria-describedby', `${id}-about`);
  if (kind === 'integer' || kind === 'number') input.inputMode = 'decimal';
  input.addEventListener('input', onChange);
  const label = make('label', { htmlFor: id, textContent: name });
  const hint = make('p', { id: `${id}-about`, className: 'hint' }, ...withCode(tell(option)));
  const field = make('div', { className: 'field' }, label, input, hint);
  if (['floats', 'integers', 'numbers'].includes(kind)) field.append(filePicker(name, input, onFile));
  return { field, input };
}

/** @param {readonly string[]} values */
function selectOf(values) {
  const option = (/** @type {string} */ value) =>
    make('option', { value, textContent: value || 'as by default' });
  return make('select', {}, ...['', ...values].map(option));
}

/** @param {string} name @param {HTMLInputElement | HTMLSelectElement} input @param {(name: string, tensor: Tensor) => void} onFile */
function filePicker(name, input, onFile) {
  const picker = make('input', { type: 'file', accept: '.npy', ariaLabel: `A .npy file for ${name}` });
  const note = make('span', { textContent: 'From a .npy file…' });
  picker.addEventListener('change', async () => {
    const [file] = picker.files ?? [];
    if (!file) return;
    try {
      const tensor = Tensor.fromNpy(new Uint8Array(await file.arrayBuffer()));
      input.value = file.name;
      note.textContent = `${file.name}: [${tensor.shape.join(', ')}]`;
      onFile(file.name, tensor);
    } catch (error) {
      note.textContent = /** @type {Error} */ (error).message;
    }
  });
  return make('label', { className: 'file small' }, picker, note);
}
