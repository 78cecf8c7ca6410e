/** Options that commands take together. */
import type { OptionName } from './options.js'

/** The options of every command. */
export const commonOptions: readonly OptionName[] = ['config', 'json', 'help']

/** The options of every command that asks the repository. */
export const repositoryOptions: readonly OptionName[] = [
  ...(['metadata-url', 'targets-url', 'root', 'store'] as const),
  ...(['header', 'limit', 'retries', 'from', 'offline', 'cached', 'now', 'verbose'] as const),
]

/** The options for the repository's layout, for the PyPI commands. */
export const layoutOptions: readonly OptionName[] = [
  ...(['layout', 'page', 'page-url', 'page-base-url', 'page-form', 'page-hash-prefix'] as const),
  ...(['file', 'file-url', 'file-hash-prefix'] as const),
]

/** The options for attestations, for the PyPI commands. */
export const attestationOptions: readonly OptionName[] = [
  ...(['attested', 'attestations', 'index-url', 'trusted-root', 'bundle'] as const),
]
