import config from './unit.mjs'

/**
 * Metadata of real repositories, which is not part of this repository: see test/real/folder.ts.
 *
 * @type {import('jest').Config}
 */
export default {
  ...config,
  roots: ['<rootDir>/test/real'],
  testPathIgnorePatterns: ['/node_modules/'],
}
