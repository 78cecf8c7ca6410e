/** One server that answers honestly, but for one path at a time. */
import { startRawServer, type RawServer, type Wire } from './raw-server.js'

/** Makes an answer from the right body of a path. */
export type Lie = (body: Uint8Array, path: string) => Wire

export interface LyingServer extends RawServer {
  /** From now on; undefined for an honest server again. `times`: honest after so many answers. */
  lie(path: string, lie: Lie | undefined, times?: number): void
}

/** @param honest the right answer, and its body if the path has one */
export async function startLyingServer(
  honest: (path: string) => { readonly body?: Uint8Array | undefined; readonly wire: Wire },
): Promise<LyingServer> {
  let lying: { path: string; lie: Lie; left: number } | undefined
  const server = await startRawServer((path) => {
    const { body, wire } = honest(path)
    if (body === undefined || lying?.path !== path || lying.left === 0) return wire
    lying.left--
    return lying.lie(body, path)
  })
  return {
    ...server,
    lie(path, lie, times = Infinity) {
      lying = lie && { path, lie, left: times }
    },
  }
}
