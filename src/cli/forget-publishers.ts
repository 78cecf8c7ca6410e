/** `tuffet reset --publishers`: the next publisher of a project is taken as its first one again. */
import { firstUseEntry, readFirstUse, writeFirstUse } from '../attestations/first-use.js'
import { exclusively } from '../client/commit.js'
import { tryNormalizeName } from '../pypi/names/names.js'
import type { Answer, Call } from './command.js'
import { openStore } from './session.js'
import type { Settings } from './settings.js'
import { stateFolder } from './state-folder.js'
import { UsageError } from './usage-error.js'

/** All, or those of the projects that are named. */
export async function forgetPublishers(call: Call, settings: Settings): Promise<Answer> {
  const named = call.words.map((word) => {
    const project = tryNormalizeName(word)
    if (project === undefined) throw new UsageError(`${word} is not the name of a project`)
    return project
  })
  const folder = settings.store ?? stateFolder()
  const store = openStore(folder, call)
  const forgotten = await exclusively(store, async () => {
    // An entry that cannot be read would refuse every file: deleting all of it is the way out.
    if (named.length === 0) {
      const there = (await store.get(firstUseEntry, { maxLength: 0 })) !== undefined
      if (there) await store.delete(firstUseEntry)
      return there ? ['every project'] : []
    }
    const first = new Map(readFirstUse(await store.get(firstUseEntry)))
    const known = named.filter((project) => first.delete(project))
    if (known.length > 0) await store.set(firstUseEntry, writeFirstUse(first))
    return known
  })
  return {
    lines: [
      ...forgotten.map((project) => `forgot the publishers of ${project}`),
      ...named
        .filter((project) => !forgotten.includes(project))
        .map((project) => `no publisher of ${project} was remembered`),
      ...(named.length === 0 && forgotten.length === 0 ? ['no publisher was remembered'] : []),
    ],
    json: { store: folder, forgotten },
  }
}
