/**
 * Whether keys bear the keyids that 4.3 makes every client calculate: in the profile `spec` all do,
 * or a client that obeys refuses files that it ought to take.
 */
import type { FunctionVector, VectorFile, WorkflowVector } from '../../src/vectors/format.js'
import { declaredKeyids, ownKeyid } from './functions/own-keyids.js'

/** One key under two keyids is the point of these; they are refused by clients of both kinds. */
const oneKeyTwoKeyids: ReadonlySet<string> = new Set([
  'threshold-two-keyids',
  'threshold-three-keyids',
  'root-one-key-two-keyids',
  'timestamp-one-key-two-keyids',
  'snapshot-one-key-two-keyids',
  'targets-one-key-two-keyids',
  'delegated-one-key-two-keyids',
])

/** Vectors of the profile `spec` that declare a key under another keyid than its own. */
export function keyidFaults(files: readonly VectorFile[]): readonly string[] {
  return files
    .flatMap(({ vectors }): readonly Vector[] => vectors)
    .filter(({ profile }) => profile === 'spec')
    .flatMap((vector) => {
      const { id } = vector
      const wrong = declared(vector).filter(({ keyid, own }) => keyid !== own)
      if (oneKeyTwoKeyids.has(id)) {
        if (wrong.length === 0) return [`${id}: every key has its own keyid; take it off the list`]
        return accepts(vector) ? [`${id}: is accepted, which a client of 4.3 cannot do`] : []
      }
      const [first] = wrong
      return first ? [`${id}: declares ${first.own} under the keyid ${first.keyid}`] : []
    })
}

type Vector = FunctionVector | WorkflowVector

function declared(vector: Vector): ReturnType<typeof declaredKeyids> {
  if (!('input' in vector)) return declaredKeyids([vector.anchor, vector.steps])
  const { key, keyid } = vector.input
  const asked =
    typeof keyid === 'string' &&
    typeof key === 'object' &&
    key !== null &&
    vector.result === 'accepted'
      ? [{ keyid, own: ownKeyid(key) }]
      : []
  return [...declaredKeyids(vector.input), ...asked]
}

function accepts(vector: Vector): boolean {
  if ('result' in vector) return vector.result === 'accepted'
  return vector.steps.every(({ expect }) => expect.result === 'accepted')
}
