/** The bytes that a DSSE signature is over. */
import { joined } from './x509/asn1.js'

const utf8 = new TextEncoder()

/** The pre-authentication encoding of DSSE, version 1. */
export function preAuthEncoding(envelope: {
  readonly payloadType: string
  readonly payload: Uint8Array
}): Uint8Array {
  const type = utf8.encode(envelope.payloadType)
  const { payload } = envelope
  return joined(
    utf8.encode(`DSSEv1 ${type.length} `),
    type,
    utf8.encode(` ${payload.length} `),
    payload,
  )
}
