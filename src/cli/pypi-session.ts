/** The part that the PyPI commands share: a view of the repository, or of an index, in its layout. */
import type { Repository } from '../index.js'
import { defaultFetcher } from '#platform'
import { retrying } from '../client/retry.js'
import { isTufError } from '../errors.js'
import type { JudgeFile } from '../attestations/judge.js'
import type { OfflineBundle } from '../pypi/bundle/read-bundle.js'
import type { Layout } from '../pypi/layouts.js'
import { PlainIndex, plainIndexLayout, pypiIndexUrl } from '../pypi/plain-index.js'
import type { RepositorySource } from '../pypi/proxy/current-view.js'
import { PypiView } from '../pypi/view.js'
import type { Attestations } from './attestations.js'
import type { Call } from './command.js'
import { environmentFetcher } from './environment-fetcher.js'
import { headersByOrigin } from './header-settings.js'
import { inFolder } from './in-folder.js'
import { layoutOf } from './layout-settings.js'
import type { LimitSettings } from './limit-settings.js'
import { attestationOptions, layoutOptions, repositoryOptions } from './option-groups.js'
import { type OptionName } from './options.js'
import { openSession, type SessionOptions } from './session.js'
import { readSettings, requireSetting, type Settings } from './settings.js'
import { UsageError } from './usage-error.js'

/** The views of a PyPI command. */
export interface PypiSession {
  readonly layout: Layout
  /** For commands that ask for as long as they run. */
  readonly source: RepositorySource
  /** Undefined where attestations do not count. */
  readonly attestations: Attestations | undefined
  /** Whether it is an index without signatures. */
  readonly unsigned: boolean
  /** The time that expiry is judged at, in milliseconds since 1970; online, nearly. */
  readonly now: number
  /** As `Session.ask`; the repository is undefined for an index without signatures. */
  ask<T>(question: (view: PypiView, repository: Repository | undefined) => Promise<T>): Promise<T>
}

/** The options of commands that ask once. */
export const pypiOptions: readonly OptionName[] = [
  ...repositoryOptions,
  ...(['hash-prefix'] as const),
  ...layoutOptions,
  ...attestationOptions,
]

/** The options of commands that ask for as long as they run. */
export const pypiProxyOptions: readonly OptionName[] = pypiOptions.filter(
  (name) => !['cached', 'offline', 'now', 'bundle'].includes(name),
)

/** Shorter than an installer waits (pip 15 seconds): it must not leave before it learns the reason. */
const proxyLimits: LimitSettings = { rateWindow: 10_000 }

/** More than pages and downloads at once: a long download never keeps a page waiting. */
const proxyConnections = 40

/** For commands with a proxy: verified pages are not kept for later calls. */
export async function openProxySession(call: Call): Promise<PypiSession> {
  const settings = await readSettings(call.options, call.io)
  const limits = { ...proxyLimits, ...settings.limits }
  const session = await openSessionOf(
    call,
    { ...settings, limits },
    {
      connections: proxyConnections,
    },
  )
  requirePages(session)
  return session
}

/** For commands that ask once: verified pages are kept for later calls, offline ones too. */
export async function openPypiSession(
  call: Call,
  how: Omit<SessionOptions, 'keepPages'> = {},
): Promise<PypiSession> {
  const settings = how.settings ?? (await readSettings(call.options, call.io))
  return openSessionOf(call, settings, { ...how, keepPages: true })
}

async function openSessionOf(
  call: Call,
  settings: Settings,
  how: Omit<SessionOptions, 'settings'>,
): Promise<PypiSession> {
  if (isUnsigned(call, settings)) return openIndexSession(call, settings, how.connections)
  const session = await openSession(call, { ...how, settings })
  const layout = layoutOf(settings.layout, call.options)
  requireSetting(settings, 'targetsUrl')
  const bundle = await bundleOf(call)
  const attested = isAttested(call, settings)
  if (attested && call.options.offline === true && !bundle) {
    throw new UsageError('--offline needs --bundle: attestations are asked for, and not kept')
  }
  const attestations = attested
    ? await attestationsOf(call, settings, { fetcher: session.fetcher, bundle })
    : undefined
  const judge = oneJudge(attestations, call)
  const views = new Map<Repository, PypiView>()
  return {
    layout,
    source: session.updater,
    attestations,
    unsigned: false,
    now: session.now,
    async ask(question) {
      try {
        return await session.ask(async (repository) => {
          const view =
            views.get(repository) ?? new PypiView(repository, layout, { judge: await judge() })
          views.set(repository, view)
          return question(view, repository)
        })
      } finally {
        session.pages?.trim()
      }
    },
  }
}

/** An index as it is, or its copy in a bundle: what vouches for a file is its attestation alone. */
async function openIndexSession(
  call: Call,
  settings: Settings,
  connections: number | undefined,
): Promise<PypiSession> {
  const { offline = false, cached = false, now } = call.options
  const bundle = await bundleOf(call)
  if (!bundle && (offline || now !== undefined)) {
    throw new UsageError(
      `--${offline ? 'offline' : 'now'} needs a TUF repository, or --bundle: an index without signatures is asked anew`,
    )
  }
  if (bundle && cached) throw new UsageError('--cached and --bundle are two different things')
  const { index: url = pypiIndexUrl, limits, headers = new Map() } = settings
  const fetcher = bundle
    ? undefined
    : await environmentFetcher(
        call.io,
        headersByOrigin(headers, url),
        process.env,
        undefined,
        connections,
      )
  const attestations = await attestationsOf(call, settings, { fetcher, bundle })
  // An updater does this for its own requests.
  const asked = retrying(fetcher ?? defaultFetcher(), { retries: settings.retries })
  const open = (): PlainIndex => bundle?.index ?? new PlainIndex({ url, fetcher: asked, limits })
  const judge = oneJudge(attestations, call)
  return {
    layout: plainIndexLayout,
    source: { refresh: async () => open() },
    attestations,
    unsigned: true,
    now: call.io.now(),
    ask: async (question) =>
      question(
        new PypiView(open(), plainIndexLayout, { unsigned: true, judge: await judge() }),
        undefined,
      ),
  }
}

/** The folder of `--bundle`; its reader is loaded for it alone. */
async function bundleOf({ options, io }: Call): Promise<OfflineBundle | undefined> {
  const { bundle } = options
  if (bundle === undefined) return undefined
  const { openOfflineBundle } = await import('../pypi/bundle/read-bundle.js')
  return openOfflineBundle(inFolder(io.folder, bundle))
}

function isAttested({ options }: Call, settings: Settings): boolean {
  const { index, trustedRoot, attestations } = settings
  return (
    options.attested === true ||
    [index, trustedRoot, attestations, options.bundle].some((one) => one !== undefined)
  )
}

function isUnsigned(call: Call, settings: Settings): boolean {
  if (settings.index !== undefined && settings.metadataUrl !== undefined) {
    throw new UsageError('"index" is one without signatures: give it, or "metadataUrl", not both')
  }
  return settings.metadataUrl === undefined && isAttested(call, settings)
}

async function attestationsOf(
  call: Call,
  settings: Settings,
  sources: Parameters<typeof import('./attestations.js').openAttestations>[2],
): Promise<Attestations> {
  const { openAttestations } = await import('./attestations.js')
  return openAttestations(call, settings, sources)
}

/** For a command that asks once: one trusted root. */
function oneJudge(
  attestations: Attestations | undefined,
  { io }: Call,
): () => Promise<JudgeFile | undefined> {
  let judge: Promise<JudgeFile> | undefined
  return () => (judge ??= attestations?.judge(io.signal)) ?? Promise.resolve(undefined)
}

/**
 * For commands that begin with an index page.
 *
 * @throws UsageError in a layout without pages
 */
export function requirePages({ layout }: Pick<PypiSession, 'layout'>): void {
  if (layout.pages('project').length > 0) return
  const how =
    'give --page, or "page" of the layout in tuffet.json; if no pages are registered, tuffet pypi publish writes and registers them'
  throw new UsageError(`the layout ${layout.name} does not say where index pages are: ${how}`)
}

/** If a verdict says that the snapshot vanished, the whole question is asked once more. */
export function rethrowVanished(error: unknown): void {
  if (isTufError(error) && error.code === 'ERR_TUF_SNAPSHOT_GONE') throw error
}
