/** The distributions of the page's repository, and files to try. They are made up. */
import type { Listed } from './world.js'

/** As text: the page only hashes them. */
function made(project: string, version: string): Listed {
  const bytes = new TextEncoder().encode(`the bytes of ${project} ${version}\n`.repeat(400))
  return { project, version, filename: `${project}-${version}-py3-none-any.whl`, bytes }
}

export const demo = made('demo', '1.0')
export const turtle = made('turtle', '2.4')
/** Listed, but not signed by the publisher of its project. */
export const foreign = made('turtle', '2.5')

export const listed: readonly Listed[] = [demo, turtle, foreign]

const hashOfDemo = (): Promise<string> => sha256(demo.bytes)

/** Each makes a file, as if it was dropped. */
export const samples: Readonly<Record<string, () => File | Promise<File>>> = {
  genuine: () => fileOf(demo.filename, demo.bytes),
  altered: () =>
    fileOf(
      demo.filename,
      demo.bytes.map((byte, at) => (at === 7 ? byte ^ 1 : byte)),
    ),
  foreign: () => fileOf(foreign.filename, foreign.bytes),
  unknown: () => fileOf('stranger-3.1-py3-none-any.whl', demo.bytes),
  async lock() {
    const lines = [
      `demo==1.0 --hash=sha256:${await hashOfDemo()}`,
      `${turtle.project}==${turtle.version} --hash=sha256:${'0'.repeat(64)}`,
      `stranger==3.1 --hash=sha256:${await hashOfDemo()}`,
    ]
    return fileOf('requirements.txt', new TextEncoder().encode(lines.join('\n')))
  },
}

function fileOf(name: string, bytes: Uint8Array): File {
  return new File([Uint8Array.from(bytes)], name)
}

/** In hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
