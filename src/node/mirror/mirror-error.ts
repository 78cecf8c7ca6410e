/** Refusals of a mirror, each with the step that helps. */
import { DestinationError } from '../../errors.js'

/** A place in a mirror where nothing can be written. */
export class MirrorError extends DestinationError {
  /** The next step, without its full stop. */
  readonly hint: string

  constructor(path: string, reason: string, hint: string, options?: ErrorOptions) {
    super(path, reason, options)
    this.hint = hint
  }
}

const moveAway = 'move it away, and run tuffet mirror again'

/** An entry that someone on this machine put in a file's or a folder's place: no name in the repository does that. */
export class PlantedError extends MirrorError {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(path, reason, moveAway, options)
  }
}

/** @internal Errors about paths below a mirror, which otherwise speak of downloads, with a mirror's hint. */
export async function inMirror<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DestinationError) || error instanceof MirrorError) throw error
    throw new MirrorError(error.path, error.reason, moveAway, { cause: error })
  }
}
