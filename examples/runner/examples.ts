/** The examples that there are: every TypeScript file in `examples/`. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Example {
  readonly name: string
  /** Relative to the folder of the project. */
  readonly path: string
  readonly text: string
  /** The sentence in its first comment. */
  readonly about: string
}

const folder = fileURLToPath(new URL('../', import.meta.url))

export function examples(): Example[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => {
      const text = readFileSync(`${folder}${file}`, 'utf8')
      const about = /^\/\*\* (.*) \*\/\n/.exec(text)?.[1] ?? ''
      return { name: file.slice(0, -'.ts'.length), path: `examples/${file}`, text, about }
    })
}

export function exampleNamed(name: string): Example | undefined {
  return examples().find((one) => one.name === name)
}
