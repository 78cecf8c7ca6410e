/** Colours for words, where somebody looks at them. The text itself is the same without. */

/** What a word means. */
export type Style = 'good' | 'doubtful' | 'bad' | 'heading'

/** A part of a line with a style. */
export interface Span {
  readonly text: string
  readonly style?: Style
}

/** One line of an answer. */
export type Line = string | readonly Span[]

const codes: Readonly<Record<Style, string>> = {
  good: '32',
  doubtful: '33',
  bad: '31',
  heading: '1',
}

/** The text between the codes that switch its colour on and off; it has none of its own. */
export function paint(text: string, style: Style): string {
  return `\u001b[${codes[style]}m${text}\u001b[0m`
}

/**
 * Whether a stream is written to in colours: on a terminal, unless `NO_COLOR` is set or `TERM` is
 * `dumb`. `FORCE_COLOR` comes before all of them: `0` and `false` switch colours off, all else on.
 */
export function wantsColours(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none = '', TERM: terminal } = environment
  if (force !== undefined) return force !== '0' && force !== 'false'
  return isTerminal && none === '' && terminal !== 'dumb'
}
