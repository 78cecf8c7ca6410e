import config from './unit.mjs'

process.env['TUFFET_RUNS'] ??= '50'

/** The properties, each tried `TUFFET_RUNS` times as often as in the main run, and kills. @type {import('jest').Config} */
export default {
  ...config,
  testMatch: ['core/names', 'core/prefix-index', 'core/scanner', 'core/dates', 'core/delegation']
    .concat('core/json.property', 'core/path-pattern.property', 'floors/killed')
    .map((name) => `<rootDir>/test/${name}.test.ts`),
  testTimeout: 1_800_000,
}
