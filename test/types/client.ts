/** The types of the client's input and output. */
import type {
  AnyTufError,
  Explanation,
  Repository,
  RefreshOptions,
  Store,
  TargetFile,
  TufErrorCode,
  UpdaterEvent,
} from '../../src/index.js'
import { isTufError, Updater } from '../../src/index.js'
import { holds, type Equals } from './equals.js'

holds<Equals<Awaited<ReturnType<Updater['refresh']>>, Repository>>()
holds<Equals<Awaited<ReturnType<Repository['find']>>, TargetFile | undefined>>()
holds<Equals<Awaited<ReturnType<Repository['verify']>>, TargetFile>>()
holds<Equals<Awaited<ReturnType<Repository['explain']>>, Explanation>>()
holds<Equals<RefreshOptions['mode'], 'online' | 'cached' | 'offline' | undefined>>()

export function aPlaceIsNeeded(root: Uint8Array): void {
  new Updater({ metadataUrl: 'https://example.test/metadata' })
  // @ts-expect-error: a repository is somewhere
  new Updater({ root })
  // @ts-expect-error: a root is bytes, not text
  new Updater({ metadataUrl: 'https://example.test/metadata', root: '{}' })
  // @ts-expect-error: an option that is not known is a mistake
  new Updater({ metadataUrl: 'https://example.test/metadata', allowInsecure: true })
  // @ts-expect-error: so is a limit
  new Updater({ metadataUrl: 'https://example.test/metadata', limits: { rootlength: 1 } })
}

export function aModeIsOneOfThree(updater: Updater): void {
  void updater.refresh({ mode: 'cached' })
  // @ts-expect-error: there is no such mode
  void updater.refresh({ mode: 'force' })
  // @ts-expect-error: a time is a number
  void updater.refresh({ now: new Date() })
}

export async function anAbsentTargetIsAskedFor(view: Repository): Promise<number> {
  const target = await view.find('a')
  // @ts-expect-error: a found target does not change
  if (target) target.length = 0
  // @ts-expect-error: it may be absent
  return target.length
}

export function aViewIsRead(view: Repository): void {
  // @ts-expect-error: the fixed time is fixed
  view.now = 0
  // @ts-expect-error: believed metadata is not changed
  view.targets.targets.set('a', view.targets.targets.get('b'))
}

export function errorsAreToldByCode(error: unknown): TufErrorCode | undefined {
  // @ts-expect-error: the thrown value is unknown
  if (error.code === 'ERR_TUF_EXPIRED') return undefined
  if (!isTufError(error)) return undefined
  // @ts-expect-error: there is no such code
  if (error.code === 'ERR_TUF_OOPS') return undefined
  // A code narrows the fields.
  return error.code
}

export function codesNarrowTheFields(error: AnyTufError): number {
  if (error.code === 'ERR_TUF_EXPIRED') return error.expires
  // @ts-expect-error: only the error of an expired file says when
  return error.expires
}

// Every code belongs to a class of the union, and every class to a code.
holds<Equals<AnyTufError['code'], TufErrorCode>>()

export function eventsAreToldByType(event: UpdaterEvent): string {
  switch (event.type) {
    case 'request':
    case 'response':
    case 'absent':
      return event.url
    case 'from-below':
      return `${event.url} ${event.length}`
    case 'retry':
      return `${event.url} ${event.attempt} ${event.delay} ${event.error.code}`
    case 'write':
    case 'delete':
    case 'yield':
    case 'clock-ignored':
    case 'not-kept':
    case 'superseded':
      return event.entry
    case 'decision':
      switch (event.verdict) {
        case 'trusted':
          return event.from
        case 'not-used':
          return event.error.code
        case 'limit-reached':
          return `${event.role} ${event.version} ${event.limit}`
      }
    case 'cache-miss':
    case 'restart':
    case 'below-not-used':
      return event.error.code
  }
}

export function aStoreHasThreeMethods(get: Store['get'], set: Store['set']): Store {
  // @ts-expect-error: and delete
  return { get, set }
}
