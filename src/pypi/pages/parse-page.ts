/** Index pages in whichever form they come. */
import type { IndexPage, ParsePageOptions } from './index-page.js'
import { parsePageHtml } from './page-html.js'
import { parsePageJson } from './page-json.js'

/** Options for reading a page, whose form may need a guess. */
export interface ParseAnyPageOptions extends ParsePageOptions {
  /** Default: JSON when the first character is `{`, else HTML. */
  readonly form?: 'json' | 'html' | undefined
}

/**
 * Reads a page in either form; throws as {@link parsePageJson} and {@link parsePageHtml}.
 *
 * @example
 * ```ts runs
 * import { parsePage } from 'tuffet/pypi'
 *
 * const json = JSON.stringify({ meta: { 'api-version': '1.0' }, name: 'a', files: [] })
 * const options = { project: 'a', baseUrl: 'https://index.example.com/a/' }
 * await parsePage(new TextEncoder().encode(json), options) // JSON or HTML, by its first bytes
 * ```
 */
export async function parsePage(
  bytes: Uint8Array,
  options: ParseAnyPageOptions,
): Promise<IndexPage> {
  const form = options.form ?? (startsObject(bytes) ? 'json' : 'html')
  return form === 'json' ? parsePageJson(bytes, options) : await parsePageHtml(bytes, options)
}

function startsObject(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 1_024))
  return start.trimStart().startsWith('{')
}
