/** `docs/runtimes.md`: the cases, and their results. */
import { cases, type Result } from './cases.mjs'
import { outsideCases } from './outside.js'
import type { Runtime } from './runtimes.js'

/** The cases in each runtime, in the order of the table. */
export const tried = [...cases, ...outsideCases]

/** A runtime with its results, or with the reason why it is missing. */
export interface Row {
  readonly name: string
  readonly version: string
  readonly results?: readonly Result[]
  readonly missing?: string
}

/** The page. */
export function runtimesPage(rows: readonly Row[], runtimes: readonly Runtime[]): string {
  const notes = new Map<string, string>()
  const lines = tried.map(({ id, title }) => {
    const cells = rows.map((row) => cell(row, id, notes))
    return `| ${title} | ${cells.join(' | ')} |`
  })
  return `${introduction}
| | ${rows.map(({ name, version }) => `${name} ${version}`).join(' | ')} |
| --- |${rows.map(() => ' :-: |').join('')}
${lines.join('\n')}

${[...notes].map(([note, sign]) => `${sign} ${note}`).join('; ')}.

${permissionTable(runtimes)}`
}

/** Without the version that no package pins. */
export function comparable(page: string): string {
  return page.replace(/Chromium [\d.]+/g, 'Chromium')
}

function cell({ results, missing }: Row, id: string, notes: Map<string, string>): string {
  if (missing !== undefined) return signOf(`not tried: ${missing}`, notes)
  const result = results?.find((one) => one.id === id)
  if (result?.outcome === 'holds') return '✓'
  if (result?.outcome === 'absent') return signOf(`not there: ${result.detail}`, notes)
  return '✗'
}

function signOf(note: string, notes: Map<string, string>): string {
  const sign = notes.get(note) ?? `(${notes.size + 1})`
  notes.set(note, sign)
  return sign
}

/** One line for versions with the same flags. */
function permissionTable(runtimes: readonly Runtime[]): string {
  const lines = new Map<string, string[]>()
  for (const { name, version, permissions } of runtimes) {
    if (!permissions) continue
    const { net, store, thread } = permissions('DIR', 'HOST')
    const flags = (all: typeof net) =>
      all.length === 0 ? 'none' : all.map(({ flag }) => `\`${flag}\``).join(' ')
    const sets = [net, [...net, ...store], [...net, ...thread]]
    const cells = sets.map(flags).join(' | ')
    const short = name === 'Node' ? version.replace(/\..*/, '') : `${name} ${version}`
    lines.set(cells, [...(lines.get(cells) ?? []), short])
  }
  const rows = [...lines].map(([cells, names]) => {
    const all = names.join(', ')
    return `| ${/^\d/.test(all) ? 'Node ' : ''}${all} | ${cells} |`
  })
  return `${permissionText}
| runtime | \`memoryStore\` | \`fileStore\` and \`downloadFile\` | \`WorkerUpdater\` |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

const introduction = `# Runtimes

\`npm run test:runtimes -- --write\` writes this page, and CI compares it. Each runtime installs the packed package and runs
the same program against servers on loopback. Node, Deno, Bun and workerd come from the npm packages \`node\`, \`deno\`,
\`bun\` and \`workerd\` in these versions; Chromium is Debian's, in whichever version it has.

- **Vectors**: every vector of \`tuffet-vectors\` gets the verdict that it expects, with the native cryptography and with that
  in JavaScript. Workflow vectors take the time as an argument, so that no clock is set.
- **Update cycle, download, attacks**: with the defaults of the runtime. A download follows redirects and continues after
  the connection broke. Wrong bytes, endless and silent answers, forged, mixed and older metadata are refused with their
  codes.
- **Key types**: a repository signed by keys of that type is believed; the same one with a changed signature is not.
- **Store**: files on Node, Deno and Bun, IndexedDB in Chromium, memory in workerd. It serves an offline cycle, refuses an
  older mirror, and serves two cycles at once.
- **Thread**: \`WorkerUpdater\`. **Proxy, pins**: the options of \`nodeFetcher\`. **Proxy of the environment**: it is
  asked, and \`proxy: 'none'\` passes it by.
- **Channels**: every event is a message of its channel in \`node:diagnostics_channel\`. A subscriber that throws changes no
  cycle: the runtime raises its error as an \`uncaughtException\` afterwards. \`NODE_DEBUG=tuffet\` prints each event as a line.
`

const permissionText = `## Permissions

A program needs these permissions besides those for its own modules. CI runs one with exactly these, and again without each
of them: an error then names the permission that is missing. \`HOST\` is that of the repository, \`DIR\` the folder of the
store and of the download. Without \`--allow-env\` Deno itself sends requests through the proxies of the environment; \`proxy\`,
\`pins\` and the other options of undici need \`--allow-env\`.
`
