/** The commands of the guide "RSTUF in one sitting", in its order. */
import { readFileSync } from 'node:fs'

/** One line of it. */
export interface GuideCommand {
  readonly line: string
  /** Without `tuffet`. */
  readonly args: readonly string[]
  /** Where its output goes, when that is a file. */
  readonly file?: string
}

const text = readFileSync('docs/guides/rstuf-in-one-sitting.md', 'utf8')

function blocks(language: string): string[] {
  const found = text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))
  return [...found].map(([, block = '']) => block)
}

/** The `tuffet.json` that it shows. */
export function guideSettings(): string {
  return blocks('json').join('')
}

export function guideCommands(): GuideCommand[] {
  const lines = blocks('sh').join('').trim().split('\n')
  return lines.map((line) => {
    const [command = '', file] = line.split(' > ')
    const [program, ...args] = command.split(' ')
    if (program !== 'tuffet') throw new Error(`${line}: only tuffet is run here`)
    return { line, args, ...(file !== undefined && { file }) }
  })
}

/**
 * Stands in for pip: takes the page of a project, and the file on it, from the index it was given. Not
 * with `fetch`: on a slow machine the proxy sends interim answers (100), and Node's `fetch` fails on one.
 */
export const pipScript = `#!${process.execPath}
const { get } = require('node:http')
const { writeFileSync } = require('node:fs')
const ask = (url) => new Promise((resolve, reject) => {
  get(url, async (response) => {
    if (response.statusCode !== 200) reject(new Error(url + ': ' + response.statusCode))
    resolve(Buffer.concat(await response.toArray()))
  }).on('error', reject)
})
void (async () => {
  const page = process.env.PIP_INDEX_URL.replace(/\\/*$/, '/') + 'requests/'
  const [, href] = /href="([^"#]*2\\.32\\.3[^"#]*)/.exec((await ask(page)).toString())
  writeFileSync('installed', await ask(new URL(href, page)))
})()
`
