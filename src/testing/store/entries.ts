/** The contract of one store object: `get`, `set` and `delete`. */
import type { StoreCase, StoreSubject } from './subject.js'
import { must, mustBe } from './must.js'

const one = Uint8Array.of(1)
const two = Uint8Array.of(2, 2)
const entry = 'timestamp.json'

/** A Buffer, as far as a store could mistake it for a plain array; for platforms without one too. */
class SharingBytes extends Uint8Array {
  override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer).subarray(start, end)
  }
}

/** Names as `core/names.ts` makes them, for roles and targets with unusual names too. */
const names = [
  ...['root.json', 'root_history/3.root.json', 'state/clock', 'anchor/root.json', '%.json'],
  ...['a%2Fb.json', 'a%2Fb%2Fc.json', '..%2Fx.json', '~a_b-c.json', '.hidden.json', '...json'],
  ...[
    '%2E%2E',
    'targets/a%2Fb',
    'targets/%',
    'pages/a',
    `${'a'.repeat(136)}~${'0'.repeat(64)}.json`,
  ],
]

/** A value of one store of the subject. */
export function entryCases({ open }: StoreSubject): readonly StoreCase[] {
  return [
    {
      title: 'an entry that was never set, or was deleted, is absent',
      async run() {
        const store = await open()
        mustBe(await store.get(entry), undefined, entry)
        await store.delete(entry)
        await store.set(entry, one)
        await store.delete(entry)
        await store.delete(entry)
        mustBe(await store.get(entry), undefined, entry)
      },
    },
    {
      title: 'the newest bytes replace those before, longer and shorter',
      async run() {
        const store = await open()
        for (const bytes of [one, two, one]) {
          await store.set(entry, bytes)
          mustBe(await store.get(entry), bytes, entry)
        }
      },
    },
    {
      title: 'bytes come back whatever they are: each value, and none at all',
      async run() {
        const store = await open()
        const each = Uint8Array.from({ length: 512 }, (_, at) => (at * 7) & 0xff)
        for (const bytes of [each, new Uint8Array(), Uint8Array.of(0), Uint8Array.of(13, 10)]) {
          await store.set(entry, bytes)
          mustBe(await store.get(entry), bytes, entry)
        }
      },
    },
    {
      title: 'different names are different entries',
      async run() {
        const store = await open()
        const values = new Map(names.map((name, at) => [name, Uint8Array.of(at, 255 - at)]))
        for (const [name, bytes] of values) await store.set(name, bytes)
        for (const [name, bytes] of values) mustBe(await store.get(name), bytes, name)
        for (const name of names.slice(0, 5)) await store.delete(name)
        for (const name of names.slice(0, 5)) mustBe(await store.get(name), undefined, name)
        for (const name of names.slice(5)) mustBe(await store.get(name), values.get(name), name)
      },
    },
    {
      title: 'bytes that change after they were set or read do not change the entry',
      async run() {
        const store = await open()
        const bytes = Uint8Array.of(7, 8, 9)
        await store.set(entry, bytes)
        mustBe(bytes, Uint8Array.of(7, 8, 9), "the caller's bytes")
        bytes.fill(0)
        const read = await store.get(entry)
        mustBe(read, Uint8Array.of(7, 8, 9), entry)
        read?.fill(1)
        mustBe(await store.get(entry), Uint8Array.of(7, 8, 9), entry)
      },
    },
    {
      title: "bytes whose `slice` shares their memory, as a Buffer's does, are copied too",
      async run() {
        const store = await open()
        const bytes = SharingBytes.of(7, 8, 9)
        await store.set(entry, bytes)
        mustBe(bytes, Uint8Array.of(7, 8, 9), "the caller's bytes")
        bytes.fill(0)
        mustBe(await store.get(entry), Uint8Array.of(7, 8, 9), entry)
        const made = (await store.change?.({ set: entry, bytes }, [])) ?? false
        bytes.fill(5)
        const now = made ? new Uint8Array(3) : Uint8Array.of(7, 8, 9)
        const read = await store.get(entry)
        mustBe(read, now, entry)
        read?.fill(1)
        read?.slice().fill(2)
        mustBe(await store.get(entry), now, entry)
      },
    },
    {
      title: 'of a view into a larger buffer only the bytes that it shows are kept',
      async run() {
        const store = await open()
        const whole = Uint8Array.from({ length: 100_000 }, (_, at) => at & 0xff)
        await store.set(entry, whole.subarray(5, 8))
        mustBe(await store.get(entry), Uint8Array.of(5, 6, 7), entry)
      },
    },
    {
      title: 'an entry up to maxLength is whole, and of a longer one at least one byte more comes',
      async run() {
        const store = await open()
        const bytes = Uint8Array.from({ length: 10 }, (_, at) => at)
        await store.set(entry, bytes)
        for (const maxLength of [10, 11, 1_000_000, Infinity, undefined]) {
          mustBe(await store.get(entry, { maxLength }), bytes, entry)
        }
        for (const maxLength of [0, 1, 9]) {
          const read = await store.get(entry, { maxLength })
          must(read !== undefined, `with maxLength ${maxLength} the entry is absent`)
          must(read.length > maxLength, `with maxLength ${maxLength} only so many bytes came`)
          mustBe(read, bytes.subarray(0, read.length), entry)
        }
        await store.set(entry, new Uint8Array())
        mustBe(await store.get(entry, { maxLength: 0 }), new Uint8Array(), entry)
        mustBe(await store.get('absent', { maxLength: 0 }), undefined, 'absent')
      },
    },
    {
      title: 'bytes that need not last, and are there, are those that were set',
      async run() {
        const store = await open()
        await store.set(entry, one, { lasting: false })
        mustBe(await store.get(entry), one, entry)
        await store.set(entry, two, { lasting: true })
        mustBe(await store.get(entry), two, entry)
        await store.set(entry, one, { lasting: false })
        mustBe(await store.get(entry), one, entry)
        await store.delete(entry)
        mustBe(await store.get(entry), undefined, entry)
      },
    },
    {
      title: 'a megabyte comes back',
      async run() {
        const store = await open()
        const large = Uint8Array.from({ length: 1_048_576 }, (_, at) => (at * at) >> 3)
        await store.set('role.json', large)
        mustBe(await store.get('role.json'), large, 'role.json')
      },
    },
    {
      title: 'calls at the same time do not get into each other',
      async run() {
        const store = await open()
        const made = names.map((name, at) => store.set(name, Uint8Array.of(at)))
        await Promise.all(made)
        const read = await Promise.all(names.map((name) => store.get(name)))
        for (const [at, name] of names.entries()) mustBe(read[at], Uint8Array.of(at), name)
      },
    },
  ]
}
