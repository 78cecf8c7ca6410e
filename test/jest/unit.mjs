import { fileURLToPath } from 'node:url'

/** The tests of `npm test`. The other configurations start from it. @type {import('jest').Config} */
export default {
  rootDir: fileURLToPath(new URL('../../', import.meta.url)),
  testEnvironment: 'node',
  // With src, a file that no test imports counts as not covered.
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/real/', '<rootDir>/test/interop/'],
  maxWorkers: 2,
  // Generous, and for every test: other programs may keep the machine busy.
  testTimeout: 240_000,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^#platform$': '<rootDir>/src/platform/node.ts',
    '^#thread$': '<rootDir>/src/worker/node/thread.ts',
    '^#worker$': '<rootDir>/src/worker/node/start.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  collectCoverageFrom: ['src/**/*.ts'],
  coverageProvider: 'v8',
  coverageReporters: [['text', { maxCols: 100 }], 'lcovonly'],
  coverageThreshold: {
    global: {},
    './src/core/': { branches: 95 },
    './src/client/': { branches: 95 },
  },
}
