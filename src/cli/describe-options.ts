/** Options as rows of a help text. */
import { declarations, type OptionDeclaration, type OptionName } from './options.js'

/** The help rows of some options, with the texts of `instead` where given. */
export function describeOptions(
  names: readonly OptionName[],
  instead: Partial<Record<OptionName, string>> = {},
): [option: string, about: string][] {
  return names.map((name) => {
    const { about, ...rest }: OptionDeclaration = declarations[name]
    const short = rest.short === undefined ? '' : `-${rest.short}, `
    const value = rest.value === undefined ? '' : ` ${rest.value}`
    return [`  ${short}--${name}${value}`, instead[name] ?? about]
  })
}
