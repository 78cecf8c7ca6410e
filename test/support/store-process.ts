/** A process of its own that uses a store: `count FOLDER TIMES`, or `hold FOLDER`. */
import { fileStore } from '../../src/node/file-store.js'

const [command, folder = '', times = '0'] = process.argv.slice(2)
const store = fileStore(folder)

async function readCount(): Promise<number> {
  return Number(Buffer.from((await store.get('count.json')) ?? []).toString())
}

if (command === 'count') {
  for (let done = 0; done < Number(times); done++) {
    await store.exclusive?.(async () => {
      const count = await readCount()
      await store.set('count.json', Buffer.from(String(count + 1)))
    })
  }
} else {
  await store.exclusive?.(async () => {
    process.stdout.write('held')
    await new Promise((resolve) => setTimeout(resolve, 1e9))
  })
}
