/** The pages that are written by hand, in the order in which they are read, and where their words stand. */

/**
 * @typedef {object} Page
 * @property {string} file
 * @property {string} title in lists of pages
 * @property {string} source from the repository's top: Markdown
 * @property {string} [section] of that file alone, by its heading
 */

/** @type {{ name: string, pages: Page[] }[]} */
export const GROUPS = [
  {
    name: 'Guides',
    pages: [
      guide('texts', 'Texts'),
      guide('pictures', 'Pictures'),
      guide('recordings', 'Recordings'),
      guide('search', 'Search by vectors'),
      guide('inside', 'Inside a model'),
      guide('positions', 'Position encodings'),
      guide('page', 'Pages, workers, extensions'),
      guide('command-line', 'Command line'),
      guide('transformers-js', 'From transformers.js'),
    ],
  },
  {
    name: 'Reference',
    pages: [
      guide('models', 'Models and tasks'),
      guide('engines', 'Engines and bundlers'),
      { file: 'measured.html', title: 'Measured', source: 'README.md', section: 'Measured' },
    ],
  },
  {
    name: 'Project',
    pages: [
      { file: 'changelog.html', title: 'Changes', source: 'CHANGELOG.md' },
      { file: 'contributing.html', title: 'Contributing', source: 'CONTRIBUTING.md' },
      { file: 'security.html', title: 'Security', source: 'SECURITY.md' },
    ],
  },
];

/** @param {string} name @param {string} title @returns {Page} */
function guide(name, title) {
  return { file: `${name}.html`, title, source: `demo/docs/guides/${name}.md` };
}

/** The list of pages that stands beside them, with those that are made of code. */
export const BESIDE = GROUPS.map(({ name, pages }) => ({
  name,
  pages: [
    ...(name === 'Reference'
      ? [
          { file: 'api.html', title: 'API' },
          { file: 'encodings.html', title: 'All position encodings' },
        ]
      : []),
    ...pages,
  ],
}));
