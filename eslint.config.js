import js from '@eslint/js'
import globals from 'globals'
import svelte from 'eslint-plugin-svelte'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

const noClock = [
  'Date',
  'performance',
  'crypto',
  'window',
  'document',
  'navigator',
  'setTimeout',
  'fetch',
  'localStorage'
]

/** Files whose numbers must be the same bytes on every machine: + - * / and sqrt only (Math.exp and friends differ). */
const portable = [
  'src/core/random.ts',
  'src/core/numeric/portable.ts',
  'src/core/law.ts',
  'src/data/synthetic/**/*.ts'
]
const inexact = [
  'exp',
  'log',
  'log1p',
  'expm1',
  'log2',
  'log10',
  'pow',
  'sin',
  'cos',
  'tan',
  'atan',
  'atan2',
  'asin',
  'acos',
  'tanh',
  'sinh',
  'cosh',
  'cbrt',
  'hypot'
]

export default ts.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      '.svelte-check/',
      'public/',
      '**/*.cjs',
      'test-results/',
      'bench-results/',
      'study-results/'
    ]
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-undef': 'off',
      eqeqeq: 'error'
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig } }
  },
  {
    files: ['src/core/**/*.ts', 'src/charts/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...noClock.map(name => ({ name, message: 'core and charts are pure: no clock, no DOM, no network' }))
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'use a keyed stream of core/random.ts' }
      ]
    }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.svelte'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'use a keyed stream of core/random.ts' }
      ]
    }
  },
  {
    files: portable,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random' },
        ...inexact.map(property => ({
          object: 'Math',
          property,
          message: 'not portable: use core/numeric/portable.ts'
        }))
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "BinaryExpression[operator='**']", message: 'not portable: multiply' }
      ]
    }
  }
)
