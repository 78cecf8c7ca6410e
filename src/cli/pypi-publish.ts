/** `tuffet pypi publish FOLDER --rstuf URL` */
import { resolve } from 'node:path'
import { checkBaseUrl } from '../core/names.js'
import type { Command } from './command.js'
import { NotVerifiedError } from './not-verified-error.js'
import {
  readFolder,
  readPublished,
  removeOthers,
  writeCopies,
  writePages,
  writePublished,
} from './publish-folder.js'
import { addArtifacts, deleteArtifacts } from './rstuf-api.js'
import { UsageError } from './usage-error.js'
import { count } from '../words/amounts.js'

export const pypiPublish: Command = {
  parameters: 'FOLDER',
  words: { least: 1, most: 1 },
  options: ['rstuf'],
  about: [
    'For operators: writes an index page for each project of the files in FOLDER/packages, with hashes',
    'and without dates, plain (FOLDER/simple/PROJECT/index.html) and as HASH.index.html; registers pages',
    'and files with the RSTUF API at --rstuf, waits until they are signed, and deletes removed ones',
    'there. FOLDER/published.json keeps the list. Status 1 when a file was left out.',
  ],
  examples: ['tuffet pypi publish index --rstuf http://127.0.0.1:8000'],
  async run({ options, words: [word = ''], io }) {
    if (options.rstuf === undefined) throw new UsageError('give --rstuf, the URL of its API')
    const folder = resolve(io.folder, word)
    const api = { url: baseUrl(options.rstuf), signal: io.signal, timeout: 600_000, pause: 500 }
    const before = await readPublished(folder)
    const { artifacts, pages, leftOut } = await readFolder(folder, io.signal)
    const news = new Map(
      [...artifacts].filter(([path, info]) => !isSame(before.artifacts.get(path), info)),
    )
    const gone = [...before.artifacts.keys()].filter((path) => !artifacts.has(path))
    // In this order no client finds metadata that names a copy which is not there.
    const copies = await writeCopies(folder, pages)
    if (news.size > 0) await addArtifacts(news, api)
    await writePages(folder, pages)
    // A run that ends here deletes the next time.
    await writePublished(folder, {
      ...before,
      artifacts: new Map([...before.artifacts, ...artifacts]),
    })
    if (gone.length > 0) await deleteArtifacts(gone, api)
    // Clients with an older view still ask for the last run's copies.
    await removeOthers(folder, before, gone, new Set([...copies, ...before.copies]))
    const older = before.copies.filter((copy) => !copies.includes(copy))
    await writePublished(folder, { artifacts, copies, older })
    const [first] = leftOut
    return {
      lines: [
        `${count(news.size, 'path')} registered, ${gone.length} deleted, ${artifacts.size} in all`,
        ...leftOut.map((name) => `left out: ${name}`),
      ],
      json: { registered: [...news.keys()], deleted: gone, leftOut, total: artifacts.size },
      ...(first !== undefined && {
        error: new NotVerifiedError(
          `${first} is not the name of a wheel or a source distribution: it was left out`,
        ),
      }),
    }
  },
}

function baseUrl(text: string): string {
  try {
    return checkBaseUrl(text)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(`--rstuf must be a base URL: ${error.message}`, { cause: error })
  }
}

function isSame(one: object | undefined, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
