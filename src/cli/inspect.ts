/** `tuffet inspect FILE`: read strictly, and not believed. */
import { readJson } from '../core/json/read.js'
import { isJsonObject, JsonSyntaxError, member } from '../core/json/value.js'
import type { Envelope, SignedByType } from '../core/metadata/model.js'
import { parseMetadata } from '../core/metadata/parse.js'
import { MetadataInvalidError } from '../errors.js'
import type { Answer, Command } from './command.js'
import { contentOf } from './inspect-content.js'
import { inputLimits, readInput } from './read-input.js'
import { shortKeyid } from '../words/signatures.js'
import { timeOption } from './time-option.js'
import { count, isoTime } from '../words/amounts.js'
import { expiryInWords } from '../words/durations.js'

type Type = keyof SignedByType

const types: readonly Type[] = ['root', 'timestamp', 'snapshot', 'targets']

export const inspect: Command = {
  parameters: 'FILE',
  words: { least: 1, most: 1 },
  options: ['now'],
  about: [
    'Prints the metadata in FILE (- is standard input): type, version, expiry, keys, roles,',
    'thresholds. It does not verify the file: only a root shows its signatures, by its own keys.',
  ],
  examples: ['tuffet inspect root.json', 'tuffet inspect root.json --now 2027-01-01T00:00:00Z'],
  async run({ options, words, io }) {
    const [file = ''] = words
    const bytes = await readInput(file, inputLimits.metadata, io)
    const type = typeOf(bytes, file)
    return answer(file, parseMetadata(bytes, type, file), timeOption(options) ?? io.now())
  },
}

/** The value of `signed._type`, if the file can be read that far. */
function typeOf(bytes: Uint8Array, file: string): Type {
  const place = { role: file, step: '4.3' }
  try {
    const { value } = readJson(bytes)
    const signed = isJsonObject(value) ? member(value, 'signed') : undefined
    const found = isJsonObject(signed) ? member(signed, '_type') : undefined
    const type = types.find((name) => name === found)
    if (type) return type
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    throw new MetadataInvalidError(place, error.path, error.reason, { cause: error })
  }
  throw new MetadataInvalidError(place, 'signed._type', `must be one of ${types.join(', ')}`)
}

async function answer(
  file: string,
  envelope: Envelope<SignedByType[Type]>,
  now: number,
): Promise<Answer> {
  const { signed, signatures } = envelope
  const { type, version, specVersion, expires } = signed
  const content = await contentOf(envelope)
  const keyids = signatures.map(({ keyid }) => keyid)
  return {
    lines: [
      `${file}: its content, which is not verified`,
      `${type} ${version}, specification ${specVersion}`,
      expiryInWords(expires, now),
      ...content.lines,
      `${count(keyids.length, 'signature')}: ${keyids.map(shortKeyid).join(', ')}`,
    ],
    json: {
      trusted: false,
      type,
      version,
      specVersion,
      expires: isoTime(expires),
      ...content.json,
      signatures: keyids,
    },
  }
}
