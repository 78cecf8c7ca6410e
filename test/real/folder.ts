/**
 * Metadata of real repositories lies beside this repository, in `../shared/real` or the folder that
 * `TUFFET_REAL` names, and is not part of it. Where it is missing, the run names the skipped tests
 * and the reason.
 */
import { existsSync } from 'node:fs'
import { describe, test } from '@jest/globals'

/** Runs `tests` with the path of a folder of real repositories, if it exists. */
export function describeReal(folder: string, tests: (path: string) => void): void {
  const path = `${process.env['TUFFET_REAL'] ?? '../shared/real'}/${folder}`
  if (existsSync(path)) {
    describe(folder, () => {
      tests(path)
    })
  } else {
    process.stderr.write(`Skipped the tests of ${folder}: there is no ${path}.\n`)
    test.skip(folder, () => undefined)
  }
}
