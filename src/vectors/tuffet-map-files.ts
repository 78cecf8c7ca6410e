/** This library's answers to the vectors about map files (TAP 4). */
import type { JsonObject, JsonValue } from '../core/json/value.js'
import { hashesFrom } from '../core/metadata/parts.js'
import { FetchFailedError, MapInvalidError } from '../errors.js'
import { parseMap, type RepositoryMap } from '../multi/map.js'
import { searchMap, type Answer } from '../multi/search.js'
import { memberOf, numberOf, objectOf, textOf } from './body.js'
import { VectorRefusal } from './client.js'

export function mapFiles(input: JsonObject): JsonValue {
  const path = textOf(input, 'path')
  const answers = objectOf(input, 'answers')
  const search = searchMap(mapOf(textOf(input, 'map')), path)
  const asked: string[] = []
  let step = search.next()
  while (step.done !== true) {
    asked.push(step.value)
    step = search.next(answerOf(answers, step.value, path))
  }
  const { value } = step
  if (value.verdict === 'agreed') return { agreed: value.repositories, asked }
  if (value.verdict === 'absent') return { agreed: [], asked }
  throw new VectorRefusal(value.verdict)
}

function mapOf(text: string): RepositoryMap {
  try {
    return parseMap(new TextEncoder().encode(text))
  } catch (error) {
    if (!(error instanceof MapInvalidError)) throw error
    throw new VectorRefusal(error.message, { cause: error })
  }
}

function answerOf(answers: JsonObject, name: string, path: string): Answer {
  const answer = memberOf(answers, name)
  if (answer === null) return { absent: true }
  if (answer === 'failed') return { error: new FetchFailedError(name, 'no answer') }
  const listed = objectOf(answers, name)
  const hashes = hashesFrom(memberOf(listed, 'hashes'))
  return { target: { path, length: numberOf(listed, 'length'), hashes } }
}
