/** Statements, compared with the file that they are about. */
import { describe, expect, test } from '@jest/globals'
import { checkStatement } from '../../src/attestations/statement.js'
import { file } from '../support/sigstore/attest.js'

const type = 'https://slsa.dev/provenance/v1'

function statement(...names: readonly string[]): Uint8Array {
  const subject = names.map((name) => ({ name, digest: { sha256: file.sha256 } }))
  const fields = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType: type }
  return new TextEncoder().encode(JSON.stringify(fields))
}

test('a statement about the file is read, whatever letters its digest is written in', () => {
  const subject = { filename: 'Demo-1.0.tar.gz', sha256: file.sha256 }
  const asked = { ...file, sha256: file.sha256.toUpperCase() }
  expect(checkStatement(statement('Demo-1.0.tar.gz'), asked)).toEqual({
    subject,
    predicateType: type,
  })
})

describe('a statement is refused', () => {
  test.each<readonly [string, string, string]>([
    ['demo-1.1.tar.gz', file.filename, 'it is about "demo-1.1.tar.gz"'],
    [`${'x'.repeat(300)}.zip`, file.filename, `it is about "${'x'.repeat(200)}"`],
    // Neither name has the parts of a distribution's: two such names are not alike.
    ['other.whl', 'demo.whl', 'it is about "other.whl"'],
    ['demo.whl', 'demo.whl', 'it is about "demo.whl"'],
  ])('about %s, for the file %s', (named, filename, reason) => {
    expect(() => checkStatement(statement(named), { ...file, filename })).toThrow(
      expect.objectContaining({ check: 'statement', reason }),
    )
  })

  test.each([[[]], [['demo-1.0.tar.gz', 'demo-1.0.zip']]])('about the files %j', (names) => {
    expect(() => checkStatement(statement(...names), file)).toThrow(
      expect.objectContaining({ path: 'subject', reason: `${names.length} entries, not 1 to 1` }),
    )
  })
})
