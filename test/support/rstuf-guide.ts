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

/** Stands in for pip: takes the page of a project, and the file on it, from the index it was given. */
export const pipScript = `#!${process.execPath}
const { writeFileSync } = require('node:fs')
void (async () => {
  const index = process.env.PIP_INDEX_URL.replace(/\\/*$/, '/')
  const page = await fetch(index + 'requests/')
  const [, href] = /href="([^"#]*2\\.32\\.3[^"#]*)/.exec(await page.text())
  const file = await fetch(new URL(href, page.url))
  if (!file.ok) process.exit(1)
  writeFileSync('installed', Buffer.from(await file.arrayBuffer()))
})()
`
