/**
 * The options of an installer: whether they take a value, and the inputs it can bring in. An option
 * outside the tables may lead to another index, and is refused.
 */

/** The inputs that an option can bring in. */
export type OptionUse =
  | 'harmless'
  /** The value is the path of a file with requirements or constraints. */
  | 'file'
  /** The value is a requirement. */
  | 'requirement'
  /** Another way to files than the proxy. */
  | 'refused'

/** The reason against options that write the index into a file; a clause. */
export const writesAddress = 'writes the address of a proxy that ends with the command'

/** One option, under any of its spellings. */
export interface OptionRule {
  /** Its usual spelling. */
  readonly name: string
  readonly takesValue: boolean
  readonly use: OptionUse
  /** For `refused`: a clause that continues after the option's name. */
  readonly reason?: string
}

/** Spelling → rule. */
export type OptionTable = ReadonlyMap<string, OptionRule>

/** The source of a table: lists of options, spellings joined by `/`, the usual one first. */
export interface OptionLists {
  readonly flags: string
  readonly values: string
  readonly files: string
  readonly requirements: string
  /** Reason → options; those that take a value end with `=`. */
  readonly refused: Readonly<Record<string, string>>
}

export function optionTable(lists: OptionLists): OptionTable {
  const table = new Map<string, OptionRule>()
  const add = (text: string, rule: Omit<OptionRule, 'name'>): void => {
    for (const spellings of text.split(/\s+/).filter((word) => word !== '')) {
      const [name = '', ...others] = spellings.replace(/=$/, '').split('/')
      for (const spelling of [name, ...others]) {
        table.set(spelling, { ...rule, name, takesValue: rule.takesValue || /=$/.test(spellings) })
      }
    }
  }
  add(lists.flags, { takesValue: false, use: 'harmless' })
  add(lists.values, { takesValue: true, use: 'harmless' })
  add(lists.files, { takesValue: true, use: 'file' })
  add(lists.requirements, { takesValue: true, use: 'requirement' })
  for (const [reason, options] of Object.entries(lists.refused)) {
    add(options, { takesValue: false, use: 'refused', reason })
  }
  return table
}
