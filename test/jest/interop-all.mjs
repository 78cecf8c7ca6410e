import config from './interop.mjs'

// Every version, page and action, also those that CI leaves out. It takes an hour.
process.env['TUFFET_INTEROP'] = 'all'

/** @type {import('jest').Config} */
export default { ...config, testTimeout: 300_000 }
