/** Refusals by name of the check; DER that cannot be read is refused by the check that reads it. */
import { AttestationError, type AttestationCheck } from '../errors.js'
import { Asn1Error } from './x509/asn1.js'

/** @throws AttestationError */
export function refuse(check: AttestationCheck, reason: string): never {
  throw new AttestationError(check, reason)
}

/** The result of `read`; an `Asn1Error` becomes the refusal of `check`. */
export function reading<T>(check: AttestationCheck, what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error
    throw new AttestationError(check, `${what}: ${error.message}`, { cause: error })
  }
}
