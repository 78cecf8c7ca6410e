/** Clients of the proxy, as installers are: pages and files, some that leave early, some that ask for nothing. */
import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until `state.stop`, and counts the answers. */
export async function askProxy(
  indexUrl: string,
  state: { readonly stop: boolean; count: number },
): Promise<void> {
  const base = indexUrl.endsWith('/') ? indexUrl : `${indexUrl}/`
  for (let turn = 0; !state.stop; turn++) {
    const project = `soak-${turn % 20}/`
    const file = `../files/${project}soak_${turn % 20}-1.0-py3-none-any.whl`
    const path = turn % 3 === 0 ? project : turn % 3 === 1 ? file : 'missing/'
    try {
      await ask(new URL(path, base), turn % 10 === 9)
      state.count++
    } catch (error) {
      // The proxy ends before its clients do.
      if (!(error instanceof Error && 'code' in error)) throw error
    }
    await sleep(20)
  }
}

/** @param leave breaks the connection as soon as the answer begins */
function ask(url: URL, leave: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      if (leave) response.destroy()
      response.resume().on('close', () => resolve())
    })
    request.on('error', reject)
  })
}
