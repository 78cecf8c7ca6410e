/**
 * The lines of requirements.txt as pip reads them: joined at `\`, without comments, with
 * environment variables in their place, and taken apart into a requirement and options.
 */
import type { LockFileError } from '../../errors.js'
import { parseMarker } from '../names/marker.js'
import { LockPlace, show } from './place.js'
import { eachLine, longestLine, refuseLongLine, strip, whiteSpace } from './text.js'

/** One option of a line. */
export interface LineOption {
  /** In its long form. */
  readonly name: string
  readonly value?: string
}

/** A line that says something. It knows its place, and refuses what is wrong there. */
export class RequirementLine {
  /** Where it begins. */
  readonly place: LockPlace
  readonly line: number
  /** The text before the first option; empty for a line of options. */
  readonly requirement: string
  readonly options: readonly LineOption[]

  constructor(
    file: string,
    line: number,
    { requirement = '', options = [] }: Partial<Pick<RequirementLine, 'requirement' | 'options'>>,
  ) {
    this.place = new LockPlace(file, line)
    this.line = line
    this.requirement = requirement
    this.options = options
  }

  has(name: string): boolean {
    return this.options.some((option) => option.name === name)
  }

  /** The values of an option, in their order. */
  values(name: string): string[] {
    return this.options.flatMap((option) => (option.name === name ? [option.value ?? ''] : []))
  }

  refusal(reason: string): LockFileError {
    return this.place.refusal(reason)
  }
}

/** Options that name another file to read. */
export const includes: readonly string[] = ['--requirement', '--constraint']

/** Long forms, and whether they take a value. Only some pip releases know the commented ones. */
const longOptions: ReadonlyMap<string, boolean> = new Map([
  ['--index-url', true],
  ['--extra-index-url', true],
  ['--no-index', false],
  ['--constraint', true],
  ['--requirement', true],
  ['--editable', true],
  ['--find-links', true],
  ['--no-binary', true],
  ['--only-binary', true],
  ['--prefer-binary', false],
  ['--require-hashes', false],
  ['--no-require-hashes', false], // Since 26.
  ['--pre', false],
  ['--all-releases', true], // Since 26.
  ['--only-final', true], // Since 26.
  ['--trusted-host', true],
  ['--use-feature', true],
  ['--hash', true],
  ['--config-settings', true],
  ['--global-option', true], // Before 26.
])

const otherForms: ReadonlyMap<string, string> = new Map([
  ['-i', '--index-url'],
  ['--pypi-url', '--index-url'],
  ['-c', '--constraint'],
  ['-r', '--requirement'],
  ['-e', '--editable'],
  ['-f', '--find-links'],
  ['-C', '--config-settings'],
  ['--config-setting', '--config-settings'],
])

/**
 * Reads all lines.
 *
 * @throws LockFileError for an option that is not pip's, or is shortened, for a line of more than a
 *   million characters, and for a text that uv and pip would read differently
 */
export function readLines(
  text: string,
  file: string,
  variables: Readonly<Record<string, string | undefined>>,
): RequirementLine[] {
  refuseOtherBreaks(text, file)
  const read: RequirementLine[] = []
  for (const { line, parts } of joinLines(eachLine(text))) {
    const place = new LockPlace(file, line)
    const whole = parts.join('')
    refuseLongLine(whole.length, file, line)
    refuseHiddenText(parts, place)
    refuseBrokenOptions(parts, place)
    const expanded = expand(strip(withoutComment(whole)), variables)
    refuseLongLine(expanded.length, file, line)
    if (expanded === '') continue
    const taken = takeApart(file, line, expanded)
    refuseOtherValue(taken, expanded, parts.length > 1)
    read.push(taken)
  }
  return read
}

/** Characters that end a line for Python and not for uv. */
function refuseOtherBreaks(text: string, file: string): void {
  const at = /[\v\f\x1c-\x1e\x85\u2028\u2029]/.exec(text)?.index
  if (at === undefined) return
  const line = text.slice(0, at).split(/\r\n|[\n\r]/).length
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
  throw new LockPlace(file, line).refusal(`U+${code} ends a line for pip, and not for uv`)
}

/**
 * For pip a comment continues after a backslash at the end of its line; for uv the next line
 * counts.
 */
function refuseHiddenText(parts: readonly string[], { file, line = 1 }: LockPlace): void {
  const at = parts.findIndex((part) => comment.test(part))
  if (at < 0 || parts.slice(at + 1).every((part) => strip(withoutComment(part)) === '')) return
  const place = new LockPlace(file, line + at)
  throw place.refusal('a comment ends in \\: pip leaves out the rest, uv reads it')
}

/**
 * After the first option uv joins a line only with one that begins with `--hash`. Any other is a
 * requirement of its own to it: a path, or a project.
 */
function refuseBrokenOptions(parts: readonly string[], { file, line = 1 }: LockPlace): void {
  let begun = false
  let last = ''
  for (const [at, part] of parts.entries()) {
    if (begun && /^[^-]|^-[^-]/.test(strip(withoutComment(part)))) {
      const reason = 'uv reads a requirement here, pip a part of the option above; join the lines'
      throw new LockPlace(file, line + at).refusal(reason)
    }
    begun ||= optionStart.test(last + part)
    last = part.at(-1) ?? last
  }
}

/**
 * uv does not join lines after an option, cuts a path at `#`, unquotes it in its own way, trims
 * more.
 */
function refuseOtherValue(line: RequirementLine, text: string, joined: boolean): void {
  if (line.requirement === '' && joined) {
    throw line.refusal('only pip joins lines after an option; write it on one line')
  }
  if (includes.some((name) => line.has(name)) && unclearInPath.test(text)) {
    throw line.refusal('pip and uv take this path in different ways; write it as it is')
  }
}

const unclearInPath = new RegExp(`["'\\\\#$]|(?![ \\t])[${whiteSpace}\\ufeff]`)

interface Line {
  readonly line: number
  /** The part of it on each of its lines. */
  readonly parts: readonly string[]
}

/** A comment does not continue on the next line, and ends a continued line. */
function* joinLines(lines: Iterable<string>): Generator<Line, void, undefined> {
  let number = 0
  let open: { line: number; parts: string[] } | undefined
  for (const text of lines) {
    number += 1
    const comment = startsComment.test(text)
    // It is meaningless alone, and a file may hold millions of them.
    if (!open && (comment || text === '') && text.length <= longestLine) continue
    open ??= { line: number, parts: [] }
    if (text.endsWith('\\') && !comment) {
      open.parts.push(text.replace(/^\\+/, '').replace(/(?<!\\)\\+$/, ''))
    } else {
      // A space before it keeps a comment a comment after lines are joined.
      open.parts.push(comment ? ` ${text}` : text)
      yield open
      open = undefined
    }
  }
  if (open) yield open
}

/** Only a space begins an option: text after a tab belongs to the requirement. */
const optionStart = / -|^-/

const startsComment = new RegExp(`^[${whiteSpace}]*#`)
const comment = new RegExp(`(?:^|[${whiteSpace}])#.*$`, 's')

function withoutComment(text: string): string {
  return text.replace(comment, '')
}

/** A variable that is not set, or empty, stays as it is written. */
function expand(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\$\{([A-Z0-9_]+)\}/g, (written, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined
    return value === undefined || value === '' ? written : value
  })
}

/** As uv exports it: uv takes it where the marker is true, and pip everywhere. */
const editableWithMarker = /^(?:-e|--editable)[ =]([^\s;"'\\-][^\s;"'\\]*) ;(?=\s)([^#\\]+)$/

function takeApart(file: string, line: number, text: string): RequirementLine {
  const [, editable, marker = ''] = editableWithMarker.exec(text) ?? []
  if (editable !== undefined && parseMarker(marker)) {
    const options = [{ name: '--editable', value: editable }]
    return new RequirementLine(file, line, { options })
  }
  const at = optionStart.exec(text)?.index
  const requirement = at === undefined ? text : strip(text.slice(0, at))
  const place = new LockPlace(file, line)
  const words = at === undefined ? [] : splitWords(text.slice(at), place)
  return new RequirementLine(file, line, { requirement, options: [...parseOptions(words, place)] })
}

function* parseOptions(words: readonly string[], place: LockPlace): Generator<LineOption> {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const { written, value: attached } = splitOption(word)
    const name = otherForms.get(written) ?? written
    const takesValue = longOptions.get(name)
    if (takesValue === undefined) throw place.refusal(`${show(word)} is not understood`)
    if (!takesValue) {
      if (attached !== undefined) throw place.refusal(`${name} takes no value`)
      yield { name }
      continue
    }
    if (attached?.startsWith('=') === true && !word.startsWith('--')) {
      throw place.refusal(`${show(word)}: only pip takes = for a part of the value`)
    }
    const value = attached ?? words[++index]
    if (value === undefined) throw place.refusal(`${name} lacks a value`)
    yield { name, value }
  }
}

/** `--name=value`, `-nvalue`, or a name alone. */
function splitOption(word: string): { written: string; value?: string } {
  const split = /^(--[^=]*)=(.*)$/s.exec(word) ?? /^(-[^-])(.+)$/s.exec(word)
  const [, written, value] = split ?? []
  return written === undefined || value === undefined ? { written: word } : { written, value }
}

/** The words of a line as a POSIX shell splits them. */
function splitWords(text: string, place: LockPlace): string[] {
  const words: string[] = []
  let word: string | undefined
  let end = 0
  for (const match of text.matchAll(wordPart)) {
    const [whole, space, single, double, escaped, plain] = match
    end = match.index + whole.length
    if (space === undefined) {
      const inner = double?.replaceAll(/\\(["\\])/g, '$1')
      word = (word ?? '') + (single ?? inner ?? escaped ?? plain ?? '')
    } else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  if (end < text.length) throw place.refusal('a quotation mark or \\ lacks a second one')
  if (word !== undefined) words.push(word)
  return words
}

/** Sticky: it ends at the end of a word. */
const wordPart = /([ \t\r\n]+)|'([^']*)'|"([^"\\]*(?:\\[^][^"\\]*)*)"|\\([^])|([^ \t\r\n'"\\]+)/gy
