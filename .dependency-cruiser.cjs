/**
 * The layers and the arrows between them. A folder may import only the folders named beside it
 * (and itself); third-party packages are allowed only where this table says so.
 */
const layers = {
  core: [],
  data: ['core'],
  engine: ['core'],
  store: ['core'],
  runtime: ['core', 'data', 'engine', 'store'],
  // the headless runner speaks to people: it has the page's words
  'runtime/node': ['runtime', 'core', 'data', 'engine', 'store', 'i18n'],
  charts: ['core'],
  i18n: [],
  state: ['core', 'i18n', 'runtime'],
  lessons: ['core'],
  offline: [],
  ui: ['core', 'data', 'store', 'runtime', 'charts', 'i18n', 'state', 'lessons']
}

/** Packages that belong to one layer only. */
const packages = {
  '@tensorflow': ['engine'],
  svelte: ['ui', 'state', 'main'],
  'd3(-|$|/)': ['charts', 'ui'],
  'idb-keyval': ['store']
}

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  comment: `${layer} may import ${allowed.length ? allowed.join(', ') : 'no other layer'}`,
  severity: 'error',
  from: {
    path: `^src/${layer}/`,
    pathNot: Object.keys(layers)
      .filter(inner => inner.startsWith(`${layer}/`))
      .map(inner => `^src/${inner}/`)
  },
  to: {
    path: '^src/',
    pathNot: [layer, ...allowed].map(name => `^src/${name}/`).concat('^src/[^/]+\\.d\\.ts$')
  }
}))

const packageRules = Object.entries(packages).map(([name, where]) => ({
  name: `package-${name.replace(/\W.*$/, '') || name}`,
  severity: 'error',
  from: { path: '^src/', pathNot: where.map(layer => `^src/${layer}`) },
  to: { path: `^node_modules/${name}` }
}))

/** The texts of one language, or of both. */
const languages = '^src/i18n/.*\\b(en|ja|catalogues)[.]ts$'

module.exports = {
  forbidden: [
    ...layerRules,
    ...packageRules,
    {
      name: 'state-sees-only-the-client',
      comment: "of runtime, the page's state knows the client alone",
      severity: 'error',
      from: { path: '^src/state/' },
      to: { path: '^src/runtime/', pathNot: '^src/runtime/client/' }
    },
    {
      name: 'node-only-in-the-runner',
      comment: "Node's own modules are for the headless runner",
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(runtime|engine)/node/' },
      to: { dependencyTypes: ['core'] }
    },
    {
      name: 'one-language-at-a-time',
      comment: 'the page loads the texts of one language (i18n/language.ts)',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/runtime/node/', languages] },
      to: { path: languages, dynamic: false, dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.svelte.ts', '.svelte', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'browser', 'default']
    }
  }
}
