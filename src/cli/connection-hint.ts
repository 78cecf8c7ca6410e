/** The hint for a request without an answer, by the system's error code. */
import { environmentProxy } from '../node/undici-fetch.js'
import { FetchFailedError, type FetchError } from '../errors.js'

const certificateCodes: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])

/** Undefined where the code says no more than the message. */
export function connectionHint(
  error: FetchError,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  if (
    error.code === 'ERR_TUF_FETCH_TOO_SLOW' &&
    'silence' in error &&
    error.silence !== undefined
  ) {
    const variable = environmentProxy(environment, error.url)?.variable
    const silent =
      variable === undefined
        ? 'the server'
        : `the proxy that ${variable} names, or the server behind it,`
    return `${silent} takes the request and does not answer; try again later, or try another mirror`
  }
  if (error instanceof FetchFailedError && error.status === 401) {
    return 'the repository wants credentials: give them by --header, by "headers" in tuffet.json, or in .netrc'
  }
  const codes = codesOf(error)
  if (codes.some((code) => certificateCodes.has(code))) {
    return 'no known authority signed the certificate; for a private one, name its certificate file in NODE_EXTRA_CA_CERTS or SSL_CERT_FILE'
  }
  if (codes.some((code) => code === 'EPROTO' || code.startsWith('ERR_SSL_'))) {
    return 'the server does not speak https on this port: check the port, or whether the URL begins with http:'
  }
  if (error.origin?.from === 'proxy') return undefined
  if (codes.includes('ENOTFOUND')) return 'the host name is unknown: check the URL and the network'
  return undefined
}

/** Of the error and its causes, outermost first. By shape: they may be of another realm. */
function codesOf(error: FetchError): string[] {
  const codes: string[] = []
  let cause: unknown = error.cause
  for (let depth = 0; depth < 5 && typeof cause === 'object' && cause !== null; depth++) {
    const all: readonly unknown[] =
      'errors' in cause && Array.isArray(cause.errors) ? cause.errors : [cause]
    for (const one of all) {
      if (typeof one === 'object' && one !== null && 'code' in one) codes.push(String(one.code))
    }
    cause = 'cause' in cause ? cause.cause : undefined
  }
  return codes
}
