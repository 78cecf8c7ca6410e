/** Sends a token to the repository alone, repeats requests that fail now and then, and says why it stops. */
import { readFile } from 'node:fs/promises'
import { isTufError, retrying, Updater } from 'tuffet'
import { downloadFile, fileStore, nodeFetcher } from 'tuffet/node'

const token = (await readFile('token.txt', 'utf8')).trim()
const updater = new Updater({
  metadataUrl: 'https://tuf.example.com/metadata/',
  targetsUrl: 'https://tuf.example.com/targets/',
  root: await readFile('root.json'),
  store: fileStore('./tuf'),
  // A redirect to another host takes the header off.
  fetcher: retrying(nodeFetcher({ headers: { authorization: `Bearer ${token}` } }), {
    retries: 4,
    delay: 100, // milliseconds, doubled each time
  }),
  onEvent: (event) => {
    if (event.type === 'retry') console.log(`attempt ${event.attempt}: ${event.error.message}`)
  },
})

try {
  const repository = await updater.refresh()
  const target = await repository.find('pkgs/a.whl')
  if (!target) throw new Error('pkgs/a.whl is not listed')
  await downloadFile(repository, target, './a.whl', {
    signal: AbortSignal.timeout(60_000),
    onProgress: ({ received, total }) => console.log(`${received} of ${total} bytes`),
  })
} catch (error) {
  // Compare codes; the message is for people.
  if (isTufError(error)) console.error(error.code, error.message)
  throw error
}
