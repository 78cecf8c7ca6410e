/** `--svg FILE` and `--html FILE`: the chain of trust as a picture. */
import { resolve } from 'node:path'
import type { TufError } from '../errors.js'
import { writeWhole } from '../node/batch-writer.js'
import { checkDestination, replaceFile } from '../node/replace-file.js'
import type { ChainPicture } from '../picture/chain.js'
import type { Answer, Call } from './command.js'
import { printLine } from './io.js'
import type { OptionName } from './options.js'
import { UsageError } from './usage-error.js'

/** The options of the commands that draw. */
export const pictureOptions: readonly OptionName[] = ['svg', 'html']

/** The files to write, checked before any request. */
export interface PictureFiles {
  readonly svg: string | undefined
  readonly html: string | undefined
}

/** @throws UsageError; DestinationError where a file cannot be written */
export function pictureFiles({ options, io }: Pick<Call, 'options' | 'io'>): PictureFiles {
  const { svg, html } = options
  const paths = [svg, html].map((file) => {
    if (file === '-') throw new UsageError('a picture needs the name of a file')
    return file === undefined ? undefined : resolve(io.folder, file)
  })
  if (paths[0] !== undefined && paths[0] === paths[1]) {
    throw new UsageError('--svg and --html name the same file')
  }
  for (const path of paths) if (path !== undefined) checkDestination(path)
  return { svg: paths[0], html: paths[1] }
}

/**
 * Writes each file at once or not at all; an existing one is replaced. Returns their names. After a
 * refusal a file that cannot be written is only reported: the refusal is the answer.
 *
 * @param refusal the error that the command ends with
 */
export async function writePictures(
  files: PictureFiles,
  picture: ChainPicture,
  { io }: Pick<Call, 'io'>,
  refusal: TufError | undefined = picture.error,
): Promise<string[]> {
  const { svg, html } = files
  if (svg === undefined && html === undefined) return []
  const { chainPage, drawChain } = await import('../picture/index.js')
  const written: string[] = []
  try {
    if (svg !== undefined) await write(svg, drawChain(picture), written, io.signal)
    if (html !== undefined) await write(html, chainPage(picture), written, io.signal)
  } catch (error) {
    if (refusal === undefined || !(error instanceof Error)) throw error
    printLine(io.stderr, `tuffet: ${error.message}`)
  }
  return written
}

async function write(
  path: string,
  text: string,
  written: string[],
  signal: AbortSignal,
): Promise<void> {
  const bytes = new TextEncoder().encode(text)
  await replaceFile(path, (file) => writeWhole(file, [bytes]), signal)
  written.push(path)
}

/** The answer of a command that drew. */
export function withPictures(answer: Answer, pictures: readonly string[]): Answer {
  if (pictures.length === 0) return answer
  const lines = pictures.map((file) => `${file}: the chain as a picture`)
  return { ...answer, lines: [...answer.lines, ...lines], json: { ...answer.json, pictures } }
}
