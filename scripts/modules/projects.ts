/** The projects: a tool, its files, and the commands that build and run them. */
import {
  commonJsProgram,
  expected,
  exportedProgram,
  moduleProgram,
  sameProgram,
  testProgram,
  typedProgram,
} from './programs.js'

/** One way to load the package. */
export interface Project {
  readonly tool: string
  readonly way: string
  /** Names with versions. */
  readonly packages?: readonly string[]
  readonly files: Readonly<Record<string, string>>
  /** On each Node that is supported. */
  readonly everyNode?: boolean
  /** Arguments of Node, one after another, and the command that is shown. */
  readonly steps: readonly { readonly run: readonly string[]; readonly shows?: string }[]
}

const passed = { jest: '1 passed', vitest: '1 passed', mocha: '1 passing' } as const
const typescript = '{ "private": true, "type": "TYPE" }\n'
const run = (file: string) => ({ run: [file], shows: expected })

function compiled(way: string, type: string, module: string, moduleResolution: string): Project {
  const compilerOptions = {
    ...{ module, moduleResolution, target: 'es2022', lib: ['es2023', 'dom', 'dom.asynciterable'] },
    ...{ strict: true, types: [], outDir: 'out', rootDir: '.' },
  }
  return {
    tool: 'TypeScript 6.0.3',
    way,
    packages: ['typescript@6.0.3'],
    files: {
      'package.json': typescript.replace('TYPE', type),
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['main.ts'] }),
      'main.ts': typedProgram,
    },
    steps: [{ run: ['node_modules/typescript/bin/tsc', '-p', '.'] }, run('out/main.js')],
  }
}

function jest(version: string): Project {
  return {
    tool: `Jest ${version}`,
    way: 'CommonJS, the default',
    packages: [`jest@${version}`],
    files: { 'cycle.test.js': testProgram('CommonJS', '') },
    steps: [{ run: ['node_modules/jest/bin/jest.js', '--watchman=false'], shows: passed.jest }],
  }
}

function bundled(
  tool: string,
  way: string,
  packages: readonly string[],
  build: string,
  files: Readonly<Record<string, string>> = {},
): Project {
  return {
    tool,
    way,
    packages,
    files: { 'main.mjs': moduleProgram, 'build.mjs': build, ...files },
    steps: [{ run: ['build.mjs'] }, run(way.includes('CommonJS') ? 'out.cjs' : 'out.mjs')],
  }
}

const esbuild = (options: string) =>
  `import { build } from 'esbuild'\nawait build({ entryPoints: ['main.mjs'], bundle: true, ${options} })\n`

const rollup = (format: string, file: string) => `import { rollup } from 'rollup'
import resolve from '@rollup/plugin-node-resolve'
import commonjs from '@rollup/plugin-commonjs'
const plugins = [resolve({ preferBuiltins: true }), commonjs()]
const bundle = await rollup({ input: 'main.mjs', external: ['undici'], plugins, onLog() {} })
await bundle.write({ file: '${file}', format: '${format}', inlineDynamicImports: true })
`

const webpack = (options: string) => `import webpack from 'webpack'
const options = { mode: 'production', context: process.cwd(), ${options} }
webpack(options, (error, stats) => {
  if (!error && !stats.hasErrors()) return
  console.error(error ?? stats.toString('errors-only'))
  process.exitCode = 1
})
`

/** Node's own modules are not there: a bundle that names one is refused. */
const edgeProgram = `import { readFileSync } from 'node:fs'
const text = readFileSync('edge.mjs', 'utf8')
if (/["']node:/.test(text)) throw new Error('the bundle names a module of Node')
const { cycle } = await import('./edge.mjs')
console.log(await cycle())
`
const edge = (tool: string, packages: readonly string[], build: string): Project => ({
  tool,
  way: 'an edge bundle, as Next.js makes it',
  packages,
  files: { 'main.mjs': exportedProgram, 'build.mjs': build, 'run.mjs': edgeProgram },
  steps: [{ run: ['build.mjs'] }, run('run.mjs')],
})

/** The bundler whose output is measured, too. */
export const bundler = 'esbuild@0.28.2'
const esbuildPackage = [bundler]
const webpackPackage = ['webpack@5.113.0']

export const projects: readonly Project[] = [
  ...(
    [
      ['require', 'main.cjs', commonJsProgram, expected],
      ['import', 'main.mjs', moduleProgram, expected],
      ['require and import are one', 'same.cjs', sameProgram, 'true'],
    ] as const
  ).map(([way, file, text, shows]): Project => ({
    ...{ tool: 'Node', way, everyNode: true },
    ...{ files: { [file]: text }, steps: [{ run: [file], shows }] },
  })),
  {
    tool: 'node --test',
    way: 'ES modules',
    files: { 'cycle.test.mjs': testProgram('module', "import test from 'node:test'") },
    steps: [{ run: ['--test'], shows: 'pass 1' }],
  },
  {
    tool: 'node --test',
    way: 'CommonJS',
    files: { 'cycle.test.cjs': testProgram('CommonJS', "const test = require('node:test')") },
    steps: [{ run: ['--test'], shows: 'pass 1' }],
  },
  jest('29.7.0'),
  jest('30.5.2'),
  {
    tool: 'vitest 3.2.4',
    way: 'the default',
    packages: ['vitest@3.2.4'],
    files: { 'cycle.test.js': testProgram('module', "import { test } from 'vitest'") },
    steps: [{ run: ['node_modules/vitest/vitest.mjs', 'run'], shows: passed.vitest }],
  },
  {
    tool: 'mocha 12.0.3',
    way: 'CommonJS',
    packages: ['mocha@12.0.3'],
    files: { 'test/cycle.cjs': testProgram('CommonJS', 'const test = it') },
    steps: [{ run: ['node_modules/mocha/bin/mocha.js', 'test/cycle.cjs'], shows: passed.mocha }],
  },
  compiled('nodenext, ES modules', 'module', 'nodenext', 'nodenext'),
  compiled('nodenext, CommonJS', 'commonjs', 'nodenext', 'nodenext'),
  compiled('bundler', 'module', 'esnext', 'bundler'),
  bundled(
    'esbuild 0.28.2',
    'ES modules for browsers',
    esbuildPackage,
    esbuild("format: 'esm', platform: 'browser', outfile: 'out.mjs'"),
  ),
  bundled(
    'esbuild 0.28.2',
    'CommonJS for Node',
    esbuildPackage,
    esbuild("format: 'cjs', platform: 'node', outfile: 'out.cjs', external: ['undici']"),
  ),
  ...(['es', 'cjs'] as const).map((format) =>
    bundled(
      'rollup 4.67.4',
      format === 'es' ? 'ES modules for Node' : 'CommonJS for Node',
      ['rollup@4.67.4', '@rollup/plugin-node-resolve@16.0.3', '@rollup/plugin-commonjs@29.0.3'],
      rollup(format, format === 'es' ? 'out.mjs' : 'out.cjs'),
    ),
  ),
  bundled(
    'webpack 5.113.0',
    'CommonJS for Node',
    webpackPackage,
    webpack(
      "entry: './main.mjs', target: 'node', externals: ['undici'], output: { path: process.cwd(), filename: 'out.cjs' }",
    ),
  ),
  bundled(
    'Vite 8.4.0',
    'ES modules for browsers',
    ['vite@8.4.0'],
    `import { build } from 'vite'
const lib = { entry: 'main.mjs', formats: ['es'], fileName: () => 'out.mjs' }
await build({ logLevel: 'error', build: { lib, outDir: '.', emptyOutDir: false } })
`,
  ),
  edge(
    'esbuild 0.28.2',
    esbuildPackage,
    esbuild(
      "format: 'esm', platform: 'neutral', conditions: ['edge-light', 'worker', 'import'], outfile: 'edge.mjs'",
    ),
  ),
  edge(
    'webpack 5.113.0',
    webpackPackage,
    webpack(
      `entry: './main.mjs', target: 'webworker', resolve: { conditionNames: ['edge-light', 'worker', 'import', 'module', 'default'] },
  experiments: { outputModule: true }, output: { path: process.cwd(), filename: 'edge.mjs', library: { type: 'module' }, chunkFormat: 'module' }`,
    ),
  ),
]
