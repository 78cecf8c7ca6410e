/** `tuffet init` */
import { createHash } from 'node:crypto'
import { sameBytes } from '../core/bytes.js'
import { parseMetadata } from '../core/metadata/parse.js'
import { anchorEntry } from '../core/names.js'
import { ownRoot } from '../core/trust/root-file.js'
import { initialize } from '../index.js'
import type { Command } from './command.js'
import { commandCryptography } from './cryptography.js'
import { namingRoot } from './named-root.js'
import { readRoot } from './read-root.js'
import { openStore } from './session.js'
import { readSettings, requireSetting } from './settings.js'
import { UsageError } from './usage-error.js'
import { count, isoTime } from '../words/amounts.js'
import { expiryInWords } from '../words/durations.js'

export const init: Command = {
  parameters: '[ROOT]',
  words: { least: 0, most: 1 },
  options: ['root', 'store', 'replace'],
  optionHelp: { root: 'the same as ROOT' },
  about: [
    'Keeps a root that you trust, the file ROOT or the one of --root, in the store: every later',
    'update starts from it. It makes no request. Compare the printed digest with one that you got',
    'in another way.',
  ],
  examples: ['tuffet init root.json --store tuf'],
  async run({ options, words: [root = options.root], io }) {
    if (root !== options.root && options.root !== undefined) {
      throw new UsageError('give ROOT or --root, not both')
    }
    const given = root === undefined ? options : { ...options, root }
    const settings = await readSettings(given, io)
    const file = requireSetting(settings, 'root')
    const folder = requireSetting(settings, 'store')
    const bytes = await readRoot(file, io)
    const store = openStore(folder, { io })
    const before = await store.get(anchorEntry)
    // A cycle cannot start from a damaged root, so init may replace it.
    const cryptography = await commandCryptography()
    const usable = before && ownRoot(before, { cryptography })
    if (usable && !sameBytes(bytes, usable.bytes) && options.replace !== true) {
      throw new Error(`${folder} starts from another root already; --replace starts from this one`)
    }
    await namingRoot(file, () =>
      initialize(store, bytes, { cryptography, rebind: options.replace === true }),
    )
    const { version, expires, roles } = parseMetadata(bytes, 'root', 'root').signed
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { threshold, keyids } = roles.root
    return {
      lines: [
        `root ${version}, ${expiryInWords(expires, io.now())}`,
        `  the next one needs ${threshold} of ${count(keyids.length, 'key')}`,
        `  sha256 ${sha256}`,
        `${folder} starts from it`,
      ],
      json: { store: folder, root: { version, expires: isoTime(expires), sha256 } },
    }
  },
}
