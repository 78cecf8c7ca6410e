/** `tuffet pypi bundle PATH… --folder DIR` */
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { areSame } from '../core/bytes.js'
import { openOfflineBundle } from '../pypi/bundle/read-bundle.js'
import { writeOfflineBundle, type BundledFile } from '../pypi/bundle/write-bundle.js'
import type { VouchedFile } from '../pypi/verdict/verdict.js'
import { mayBeInstalled } from '../pypi/verdict/verify-folder.js'
import type { PypiView } from '../pypi/view.js'
import type { TrustedRootChain } from '../sigstore/trusted-root-chain.js'
import { provenanceKey } from './attestations.js'
import type { Call, Command } from './command.js'
import { inFolder } from './in-folder.js'
import { lineWidth } from './io.js'
import { judgeLock, type Judged } from './judged-lock.js'
import { NotVerifiedError } from './not-verified-error.js'
import { openPypiSession, pypiOptions } from './pypi-session.js'
import { verifyPath } from './pypi-verify.js'
import { UsageError } from './usage-error.js'
import { verdictError, verdictLines } from './verdict-table.js'
import { count, isoTime } from '../words/amounts.js'

export const pypiBundle: Command = {
  parameters: 'PATH...',
  words: { least: 1, most: Infinity },
  options: [
    ...pypiOptions.filter((name) => !['offline', 'cached', 'now', 'bundle'].includes(name)),
    'folder',
  ],
  optionHelp: { folder: 'the new or empty folder to write to' },
  about: [
    'Verifies a wheelhouse, distributions or lock files by their attestations, and writes what it',
    'takes to do it again without a network: pages with these files, their attestations, and the',
    "metadata of Sigstore's repository. Then verify and check take --bundle DIR. Nothing is written",
    'unless every file is accepted. A bundle is good until its metadata expires, about a week.',
  ],
  examples: ['tuffet pypi bundle wheels/ --folder attestations'],
  async run(call) {
    const { options, words, io } = call
    const { folder } = options
    if (folder === undefined) throw new UsageError('give --folder DIR, where to write')
    const session = await openPypiSession({ ...call, options: { ...options, attested: true } })
    const { attestations } = session
    if (!attestations) throw new TypeError('attestations are on')
    const provenance = attestations.keepProvenance()
    const judged = await session.ask(async (view) => {
      const all: Judged[] = []
      for (const path of words) all.push(...(await judgePath(view, path, call)))
      return all
    })
    const rows = judged.map(({ row }) => row)
    const table = verdictLines(rows, 'file', lineWidth(io.stdout))
    const refused = verdictError(rows, 'file')
    if (refused) return { lines: table, json: { files: 0 }, ...refused }
    const files = judged.flatMap((one) => one.files.map((file) => bundled(file, provenance)))
    const chain = await attestations.chain(io.signal)
    const path = resolve(io.folder, folder)
    await writeOfflineBundle(path, { files, chain })
    if (chain) await checkChain(path, chain, call)
    const signed = files.filter((file) => file.provenance !== undefined).length
    const until = chain && isoTime(chain.expires)
    const note = until === undefined ? 'without a trusted root' : `good until ${until}`
    return {
      lines: [
        ...table,
        `wrote ${folder}: ${count(files.length, 'file')}, ${signed} with attestations, ${note}`,
      ],
      json: { folder, files: files.length, attested: signed, ...(chain && { expires: until }) },
    }
  },
}

async function judgePath(view: PypiView, path: string, call: Call): Promise<Judged[]> {
  const { io } = call
  const isFolder = (await stat(inFolder(io.folder, path))).isDirectory()
  if (isFolder || mayBeInstalled(basename(path))) {
    const verdicts = await verifyPath(view, path, call)
    if (verdicts.length === 0) throw new NotVerifiedError(`${path} contains no distribution`)
    return verdicts.map(({ file: subject, verdict, reason, accepted, vouched }) => ({
      row: { verdict, ...(accepted && { accepted }), subject, reason },
      files: vouched ? [vouched] : [],
    }))
  }
  return judgeLock(view, path, call)
}

function bundled(
  { project, filename, entry, hashes, address }: VouchedFile,
  provenance: ReadonlyMap<string, Uint8Array>,
): BundledFile {
  const sha256 = hashes.get('sha256')
  if (sha256 === undefined) throw new NotVerifiedError(`${filename}: its SHA-256 is not listed`)
  const url = entry?.url ?? address.url ?? `https://bundle.invalid/${encodeURIComponent(filename)}`
  return {
    project,
    entry: { ...entry, filename, url, hashes },
    provenance: provenance.get(provenanceKey(filename, sha256)),
  }
}

/** Another process may have changed the store while its files were read. */
async function checkChain(path: string, chain: TrustedRootChain, { io }: Call): Promise<void> {
  const { bytes } = await openOfflineBundle(path).trustedRoot({ now: io.now, signal: io.signal })
  if (areSame(bytes, chain.trustedRoot.bytes)) return
  throw new NotVerifiedError(`${path} leads to another trusted root: write it again`)
}
