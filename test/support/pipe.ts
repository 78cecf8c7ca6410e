/** A pipe with a name: a process that opens it to read waits for a writer that never comes. */
import { execFileSync } from 'node:child_process'

export function makePipe(path: string): void {
  execFileSync('mkfifo', [path])
}
