/** An encoding's call as code: what a visitor types to get the same numbers. */

/** @param {string} name @param {Record<string, any>} options @returns {string} */
export function callInJavaScript(name, options) {
  const tables = Object.entries(options).filter(([, value]) => isTable(value));
  const parts = Object.entries(options).map(([key, value]) =>
    isTable(value) ? key : `${key}: ${literal(value)}`,
  );
  return [
    "import { encodings } from 'wasmformer';",
    'const pe = await encodings();',
    ...tables.map(([key, value]) => `// ${key}: a Tensor of shape [${value.shape.join(', ')}]`),
    `const result = pe.${name}({ ${parts.join(', ')} });`,
  ].join('\n');
}

/** @param {string} name @param {Record<string, any>} options @returns {string} */
export function callOnCommandLine(name, options) {
  const words = Object.entries(options).map(([key, value]) => {
    const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === true) return `--${flag}`;
    if (value === false) return `--no-${flag}`;
    return `--${flag} ${isTable(value) ? `${key}.npy` : word(value)}`;
  });
  return `npx wasmformer encoding ${[name, ...words].join(' ')} -o ${name}.npy`;
}

/** @param {any} value */
const isTable = (value) => Array.isArray(value?.shape);

/** @param {any} value @returns {string} */
function literal(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @param {any} value @returns {string} */
function word(value) {
  if (Array.isArray(value) && !value.some(Array.isArray)) return value.join();
  return typeof value === 'object' ? `'${JSON.stringify(value)}'` : String(value);
}
