/** The contract of a store that several processes share: whole values, and no lost change. */
import type { Store, StoreChange } from '../../client/store.js'
import type { ExpectedEntry } from '../../core/cycle/request.js'
import type { SharedStoreSubject, StoreCase, StoreSubject } from './subject.js'
import { must, mustBe } from './must.js'

const one = Uint8Array.of(1)
const two = Uint8Array.of(2, 2)
const entry = 'timestamp.json'
const maxLength = 100
const users = 4

/** A store that others use too. */
export function sharedCases(
  { open }: Pick<StoreSubject, 'open'>,
  { by, reopen }: SharedStoreSubject,
): readonly StoreCase[] {
  const change = by === 'change' ? changeOf : changeAlone
  const pair = async (): Promise<readonly [Store, Store]> => {
    const store = await open()
    must(store[by] !== undefined, `the store has no method ${by}`)
    return [store, await reopen(store)]
  }
  const cases: readonly StoreCase[] = [
    {
      title: 'another process sees a change when it is done',
      async run() {
        const [store, other] = await pair()
        await store.set(entry, one)
        mustBe(await other.get(entry), one, entry)
        await other.set(entry, two, { lasting: false })
        mustBe(await store.get(entry), two, entry)
        await store.delete(entry)
        mustBe(await other.get(entry), undefined, entry)
      },
    },
    {
      title: 'a reader sees old bytes or new ones, never a part or a mixture',
      async run() {
        const [store, other] = await pair()
        await store.set(entry, valueOf(0))
        let writes = 0
        const reader = async (): Promise<void> => {
          for (let last = 0; last < 24;) {
            const bytes = await other.get(entry)
            must(bytes !== undefined, 'the entry is absent while it is replaced')
            const number = bytes[0] ?? 0
            mustBe(bytes, valueOf(number), entry)
            must(number >= last, `after value ${last} the reader saw ${number}`)
            last = number
            await pause()
          }
        }
        const writer = async (): Promise<void> => {
          while (++writes <= 24)
            await store.set(entry, valueOf(writes), { lasting: writes % 6 === 0 })
        }
        await Promise.all([writer(), reader(), reader()])
      },
    },
    {
      title: 'a change is made when every expected entry is as it says',
      async run() {
        const [store, other] = await pair()
        const first = [{ entry, bytes: undefined, maxLength }]
        must(await change(store, { set: entry, bytes: one }, first), 'an absent entry was not set')
        mustBe(await other.get(entry), one, entry)
        const next: ExpectedEntry[] = [
          { entry, bytes: one, maxLength },
          { entry: 'root_history/2.root.json', bytes: undefined, maxLength },
        ]
        const set: StoreChange = { set: 'snapshot.json', bytes: two, lasting: false }
        must(await change(other, set, next), 'two entries were as expected')
        mustBe(await store.get('snapshot.json'), two, 'snapshot.json')
        must(await change(store, { delete: entry }, next), 'the entry was not deleted')
        mustBe(await other.get(entry), undefined, entry)
        must(await change(store, { set: entry, bytes: two }, []), 'nothing was expected')
        mustBe(await other.get(entry), two, entry)
      },
    },
    {
      title: 'a change is refused, and nothing is touched, when one expected entry differs',
      async run() {
        const [store, other] = await pair()
        await store.set(entry, two)
        await store.set('empty', new Uint8Array())
        const wrong: readonly ExpectedEntry[] = [
          { entry, bytes: undefined, maxLength },
          { entry, bytes: one, maxLength },
          { entry, bytes: new Uint8Array(), maxLength },
          { entry, bytes: Uint8Array.of(2, 3), maxLength },
          { entry, bytes: Uint8Array.of(2, 2, 0), maxLength },
          { entry: 'absent', bytes: two, maxLength },
          { entry: 'absent', bytes: new Uint8Array(), maxLength },
          { entry: 'empty', bytes: undefined, maxLength },
        ]
        for (const expected of wrong) {
          const right = { entry, bytes: two, maxLength }
          const asked = `${expected.entry}, ${expected.bytes?.join(' ') ?? 'absent'}`
          for (const all of [[expected], [right, expected], [expected, right]]) {
            must(!(await change(other, { delete: entry }, all)), `deleted: ${asked}`)
            must(!(await change(other, { set: entry, bytes: one }, all)), `set: ${asked}`)
          }
          mustBe(await store.get(entry), two, entry)
        }
      },
    },
    {
      title: 'an expected entry longer than its maxLength counts as absent',
      async run() {
        const [store, other] = await pair()
        await store.set(entry, Uint8Array.of(1, 2, 3))
        const bytes = Uint8Array.of(1, 2, 3)
        const asIs = [{ entry, bytes, maxLength: 3 }]
        const tooLong = [{ entry, bytes: undefined, maxLength: 2 }]
        must(!(await change(other, { delete: entry }, [{ entry, bytes, maxLength: 2 }])), 'deleted')
        must(await change(other, { set: 'a', bytes: one }, asIs), 'an entry of maxLength differs')
        must(await change(other, { set: entry, bytes: one }, tooLong), 'a longer entry is there')
        mustBe(await store.get(entry), one, entry)
      },
    },
    {
      title: 'processes that count together lose no count',
      async run() {
        const [store] = await pair()
        const others = await Promise.all(Array.from({ length: users }, async () => reopen(store)))
        await Promise.all(
          others.map(async (user) => {
            for (let done = 0; done < 8;) {
              if (await countUp(user, change)) done += 1
              else await pause()
            }
          }),
        )
        must(numberIn(await store.get('count')) === users * 8, 'a count was lost')
      },
    },
  ]
  return by === 'exclusive' ? [...cases, ...exclusiveCases(pair)] : cases
}

function exclusiveCases(pair: () => Promise<readonly [Store, Store]>): readonly StoreCase[] {
  return [
    {
      title: 'commits run one after another, and one that fails holds up no other',
      async run() {
        const [store, other] = await pair()
        const failure = new Error('this commit fails')
        let running = 0
        const commit = (user: Store, fails: boolean): Promise<number> =>
          exclusive(user, async () => {
            must(++running === 1, 'two commits run at the same time')
            const count = numberIn(await user.get('count')) + 1
            await user.set('count', bytesOf(count))
            running -= 1
            if (fails) throw failure
            return count
          })
        const results = await Promise.allSettled([
          ...[
            commit(store, false),
            commit(other, true),
            commit(store, false),
            commit(other, false),
          ],
        ])
        const answers = results.map((one): unknown =>
          one.status === 'fulfilled' ? one.value : one.reason,
        )
        must(answers[1] === failure, `a commit that fails gave ${String(answers[1])}`)
        must(numberIn(await other.get('count')) === 4, 'a count was lost')
        const numbers = new Set(answers.filter((one) => typeof one === 'number'))
        must(numbers.size === 3, 'the commits did not give their own answers')
      },
    },
  ]
}

/**
 * Lets the others work: a store in memory never waits. On Node not by a timer: two readers that take
 * longer than a millisecond keep the loop at its timers, and no file is ever read or written.
 */
function pause(): Promise<void> {
  const { setImmediate: later = setTimeout } = globalThis as {
    setImmediate?: (work: () => void) => unknown
  }
  return new Promise((resolve) => void later(resolve))
}

type Change = NonNullable<Store['change']>

function changeOf(store: Store, ...[change, expected]: Parameters<Change>): Promise<boolean> {
  must(store.change !== undefined, 'the store has no method change')
  return store.change(change, expected)
}

/** The same by a lock. */
function changeAlone(store: Store, ...[change, expected]: Parameters<Change>): Promise<boolean> {
  return exclusive(store, async () => {
    for (const { entry: name, bytes, maxLength: most } of expected) {
      const read = await store.get(name, { maxLength: most })
      const there = read && read.length <= most ? read : undefined
      if (there === undefined || bytes === undefined ? there !== bytes : !areEqual(there, bytes)) {
        return false
      }
    }
    if ('delete' in change) await store.delete(change.delete)
    else await store.set(change.set, change.bytes, { lasting: change.lasting })
    return true
  })
}

function exclusive<T>(store: Store, commit: () => Promise<T>): Promise<T> {
  must(store.exclusive !== undefined, 'the store has no method exclusive')
  return store.exclusive(commit)
}

async function countUp(store: Store, change: typeof changeOf): Promise<boolean> {
  const bytes = await store.get('count')
  const expected = [{ entry: 'count', bytes, maxLength }]
  return change(store, { set: 'count', bytes: bytesOf(numberIn(bytes) + 1) }, expected)
}

function bytesOf(count: number): Uint8Array {
  return new TextEncoder().encode(String(count))
}

function numberIn(bytes: Uint8Array | undefined): number {
  return Number(new TextDecoder().decode(bytes ?? new Uint8Array()))
}

/** A value that shows by each of its bytes, and by its length, which one it is. */
function valueOf(number: number): Uint8Array {
  return new Uint8Array(60_000 + number * 4_099).fill(number)
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}
