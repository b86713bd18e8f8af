// What the build of the site puts in place of these names: demo/site/plugins.js.
declare module '*.css' {
  const text: string;
  export default text;
}
declare module 'baked:*' {
  const value: any;
  export default value;
}
declare module 'model:*' {
  /** The addresses of a model's files by their names. */
  const files: Record<string, string>;
  export default files;
}
declare module 'core:modules' {
  /** The addresses of the core's builds. */
  const modules: { base: string; relaxed: string };
  export default modules;
}
declare module 'asset:*' {
  const address: string;
  export default address;
}
declare module 'worker:*' {
  const address: string;
  export default address;
}
declare module 'subset-font' {
  export default function subsetFont(
    font: Uint8Array,
    text: string,
    options: { targetFormat: 'sfnt' | 'woff2'; variationAxes?: Record<string, number> },
  ): Promise<Uint8Array>;
}
