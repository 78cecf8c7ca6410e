/** Folders for tests. Whatever they hold, they are removed after the last test of the file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'

const folders: string[] = []

afterAll(() => {
  for (const folder of folders.splice(0)) {
    // A process that is ending may still write.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
})

/** A new, empty folder; `label` tells an engineer whose it is. */
export function temporaryFolder(label: string): string {
  const folder = mkdtempSync(join(tmpdir(), `tuffet-test-${label}-`))
  folders.push(folder)
  return folder
}
