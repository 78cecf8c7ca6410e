/** The part that the PyPI commands share: a view of the repository in its layout. */
import type { Repository } from '../index.js'
import type { Layout } from '../pypi/layouts.js'
import { isTufError } from '../errors.js'
import { pypiView, type PypiView } from '../pypi/view.js'
import type { Call } from './command.js'
import { layoutOf } from './layout-settings.js'
import { layoutOptions, repositoryOptions, type OptionName } from './options.js'
import { openSession, type Session } from './session.js'
import { requireSetting } from './settings.js'
import { UsageError } from './usage-error.js'

/** The view and the session of a PyPI command. */
export interface PypiSession {
  readonly session: Session
  readonly layout: Layout
  /** As `Session.ask`. */
  ask<T>(question: (view: PypiView) => Promise<T>): Promise<T>
}

/** The options of commands that ask once. */
export const pypiOptions: readonly OptionName[] = [
  ...repositoryOptions,
  ...(['hash-prefixed-targets'] as const),
  ...layoutOptions,
]

/** The options of commands that ask for as long as they run. */
export const pypiProxyOptions: readonly OptionName[] = pypiOptions.filter(
  (name) => name !== 'cached' && name !== 'offline' && name !== 'now',
)

/** Pages of a call that could be made offline are kept for one that is. */
export async function openPypiSession(call: Call, keepPages = true): Promise<PypiSession> {
  const session = await openSession(call, { keepTargets: keepPages })
  const layout = layoutOf(session.settings.layout, call.options)
  requireSetting(session.settings, 'targetsUrl')
  const views = new Map<Repository, PypiView>()
  return {
    session,
    layout,
    ask: (question) =>
      session.ask((repository) => {
        const view = views.get(repository) ?? pypiView(repository, layout)
        views.set(repository, view)
        return question(view)
      }),
  }
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
