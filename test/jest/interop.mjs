import config from './unit.mjs'

/**
 * Other programs against this one: pip and, when they are found, uv and the reference clients.
 *
 * @type {import('jest').Config}
 */
export default {
  ...config,
  roots: ['<rootDir>/test/interop'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Installers take seconds, and some ask again where they were refused.
  testTimeout: 120_000,
}
