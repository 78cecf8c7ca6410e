/**
 * Signed certificate timestamps embedded in a certificate (RFC 6962, 3.2 and 3.3): a log promised to
 * make the certificate public. The log signed the certificate without this extension.
 */
import { sameBytes } from '../../core/bytes.js'
import type { Cryptography } from '../../core/keys/cryptography.js'
import { sigstoreBudget } from '../budget.js'
import { reading, refuse } from '../refuse.js'
import { isWithin, type TrustedLog } from '../trusted-root.js'
import {
  Asn1Error,
  childrenOf,
  context,
  encodeAsn1,
  expectTag,
  oidOf,
  joined,
  readOne,
  tags,
} from './asn1.js'
import type { Certificate } from './certificate.js'
import { holds } from './public-key.js'

interface Sct {
  readonly logId: Uint8Array
  /** Milliseconds since 1970. */
  readonly time: number
  /** The eight bytes of `time`, as they are signed. */
  readonly timeBytes: Uint8Array
  readonly extensions: Uint8Array
  readonly signatureAlgorithm: number
  readonly signature: Uint8Array
}

const sctList = '1.3.6.1.4.1.11129.2.4.2'

/**
 * At least one log of the trusted root signed, inside its period; timestamps of other logs are
 * skipped.
 *
 * @throws AttestationError of the check `sct`
 */
export function checkScts(
  cryptography: Cryptography,
  leaf: Certificate,
  issuer: Certificate,
  logs: readonly TrustedLog[],
): void {
  const known = reading('sct', 'the timestamps of the certificate', () => readScts(leaf)).filter(
    ({ logId }) => logs.some(({ id }) => sameBytes(id, logId)),
  )
  if (known.length === 0) refuse('sct', 'the certificate lacks a timestamp of a known log')
  const signed = withoutScts(leaf)
  const issuerHash = cryptography.hash('sha256', issuer.key.spki)
  for (const sct of known) {
    const message = signedMessage(sct, issuerHash, signed)
    const good = logs.some(
      ({ id, key, validFor }) =>
        sameBytes(id, sct.logId) &&
        isWithin(sct.time, validFor) &&
        sct.signatureAlgorithm === (key.kind === 'rsa' ? 1 : 3) &&
        holds(cryptography, key, message, sct.signature, 'sha256'),
    )
    if (!good)
      refuse('sct', 'a timestamp of the certificate is not by its log, or outside its period')
  }
}

/** RFC 6962, 3.2: the bytes that a log signs for a precertificate. */
function signedMessage(sct: Sct, issuerHash: Uint8Array, tbs: Uint8Array): Uint8Array {
  const { length } = tbs
  return joined(
    Uint8Array.of(0, 0), // v1, certificate_timestamp
    sct.timeBytes,
    Uint8Array.of(0, 1), // precert_entry
    issuerHash,
    Uint8Array.of(length >> 16, (length >> 8) & 0xff, length & 0xff),
    tbs,
    Uint8Array.of(sct.extensions.length >> 8, sct.extensions.length & 0xff),
    sct.extensions,
  )
}

/** The TBSCertificate without the list of timestamps. */
function withoutScts({ tbs }: Certificate): Uint8Array {
  const fields = childrenOf(tbs, tags.sequence)
  const wrapper = expectTag(fields.at(-1), context(3))
  const kept = childrenOf(readOne(wrapper.content), tags.sequence).filter(
    (extension) => oidOf(childrenOf(extension, tags.sequence)[0]) !== sctList,
  )
  const list = encodeAsn1(tags.sequence, ...kept.map(({ bytes }) => bytes))
  const others = fields.slice(0, -1).map(({ bytes }) => bytes)
  return encodeAsn1(tags.sequence, ...others, encodeAsn1(context(3), list))
}

function readScts({ extensions }: Certificate): readonly Sct[] {
  const extension = extensions.get(sctList)
  if (extension === undefined) return []
  const whole = new Reader(readOne(extension.value, tags.octetString).content)
  const list = new Reader(whole.vector())
  whole.end()
  const scts: (Sct | undefined)[] = []
  while (!list.isAtEnd) {
    if (scts.length === sigstoreBudget.scts) throw new Asn1Error('too many timestamps')
    scts.push(readSct(new Reader(list.vector())))
  }
  return scts.filter((sct) => sct !== undefined)
}

/** Undefined for a version or algorithm that is unknown here. */
function readSct(reader: Reader): Sct | undefined {
  if (reader.number(1) !== 0) return undefined
  const logId = reader.bytes(32)
  const timeBytes = reader.bytes(8)
  const extensions = reader.vector()
  const hash = reader.number(1)
  const signatureAlgorithm = reader.number(1)
  const signature = reader.vector()
  reader.end()
  // 4 is SHA-256 (RFC 5246, 7.4.1.4.1).
  if (hash !== 4) return undefined
  const time = timeBytes.reduce((number, byte) => number * 256 + byte, 0)
  return { logId, time, timeBytes, extensions, signatureAlgorithm, signature }
}

/** Reads the presentation language of TLS (RFC 5246, section 4). */
class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new Asn1Error('a list of timestamps is cut off')
    const found = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return found
  }

  number(length: number): number {
    return this.bytes(length).reduce((number, byte) => number * 256 + byte, 0)
  }

  /** Bytes after their length, which takes two bytes. */
  vector(): Uint8Array {
    return this.bytes(this.number(2))
  }

  end(): void {
    if (!this.isAtEnd) throw new Asn1Error('trailing bytes after a timestamp')
  }
}
