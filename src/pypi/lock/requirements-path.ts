/**
 * The arguments that `-r` and `-c` may take: the path of a file that every pip and uv would open.
 * The same rule applies to arguments, variables and includes. pip and uv differ in which URLs they
 * see: `file:x`, `FILE:///x`, `http:/host/x`, ` file:///x`.
 */

/** A Windows drive is one letter. */
const scheme = /^[a-z][a-z0-9+.-]+:/i

/** Names that uv takes for a project or a script, whatever the lines say. */
const project = /\.pyw?$|(?:^|[/\\])setup\.cfg$/i

/** Why a text does not name a requirements file, as a clause; undefined: it does. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'is not the path of a file'
  if (scheme.test(path)) return 'is a URL, not the path of a file'
  if (path === '-') return 'is standard input, not the path of a file'
  if (path !== path.trim() || /\p{Cc}/u.test(path)) {
    return 'begins or ends with white space, or contains control characters: pip or uv leave them out'
  }
  return undefined
}

/** Whether uv reads a file of this name as a project or a script, and not by its lines. */
export function isProjectName(path: string): boolean {
  return project.test(path)
}
