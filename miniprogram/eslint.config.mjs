/** Rules for the tools, the tests and the templates; TypeScript of the source is checked by `npm run typecheck`. */
import js from '@eslint/js'
import wxml from 'eslint-plugin-wxml'
import globals from 'globals'
import * as parser from '@wxml/parser'

const SIZE = {
  'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true, IIFEs: false }],
  'max-params': ['error', 5],
  complexity: ['error', 20],
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
}
const IN_THE_PAGE = { ...globals.browser, __mp: 'readonly' }

export default [
  { ignores: ['src/miniprogram_npm/**', '.mpweb/**', '**/node_modules/**', 'tests/runner/app/**', 'tests/pictures/**'] },
  { ...js.configs.recommended, files: ['tools/**/*.{js,mjs}', 'tests/**/*.mjs'] },
  { files: ['tools/**/*.mjs'], languageOptions: { globals: globals.node }, rules: SIZE },
  { files: ['tools/runtime/**/*.js', 'tools/phones/*.js'], languageOptions: { globals: globals.browser }, rules: { ...SIZE, 'max-lines-per-function': 'off' } },
  { files: ['tests/**/*.mjs'], languageOptions: { globals: { ...globals.node, ...IN_THE_PAGE } }, rules: SIZE },
  {
    files: ['src/**/*.wxml'],
    plugins: { wxml },
    languageOptions: { parser: parser.default ?? parser },
    rules: {
      'wxml/report-wxml-syntax-error': 'error',
      'wxml/report-interpolation-error': 'error',
      'wxml/report-wxs-syntax-error': 'error',
      'wxml/wx-key': 'error',
      'wxml/no-duplicate-attributes': 'error',
      'wxml/no-vue-directive': 'error',
      'wxml/no-unexpected-string-bool': 'error',
      'wxml/no-wx-for-with-wx-if': 'error',
      'wxml/wxs-module-prop': 'error',
      'wxml/forbid-tags': ['error', { forbid: ['div', 'span', 'p', 'img', 'a'] }],
    },
  },
]
