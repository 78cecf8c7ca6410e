/** A bar for one download, drawn over itself; on a terminal only. */
import type { DownloadProgress } from '../index.js'
import type { Output } from './io.js'
import { printable } from './printable.js'

/** A bar on a terminal; elsewhere it is not shown. */
export interface ProgressBar {
  update(progress: DownloadProgress): void
  /** Wipes the bar away. */
  end(): void
}

const barWidth = 24
const fewestColumns = 40

/** A bar with `label` before it. */
export function progressBar(
  output: Omit<Output, 'writeBytes' | 'flush'>,
  label: string,
): ProgressBar {
  const { isTerminal, columns } = output
  if (!isTerminal || columns < fewestColumns)
    return { update: () => undefined, end: () => undefined }
  const room = columns - barWidth - ' [] 100%'.length - 1
  const name = shorten(printable(label), room)
  let drawn: string | undefined
  return {
    update({ received, total }) {
      const share = total === 0 ? 1 : received / total
      const full = Math.floor(share * barWidth)
      const percent = `${Math.floor(share * 100)}%`.padStart(4)
      const line = `${name} [${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${percent}`
      // A download comes in many more chunks than a bar has states.
      if (line === drawn) return
      output.write(`\r${line}`)
      drawn = line
    },
    end() {
      if (drawn !== undefined) output.write(`\r${' '.repeat(drawn.length)}\r`)
    },
  }
}

function shorten(text: string, room: number): string {
  return text.length <= room ? text : `…${text.slice(text.length - room + 1)}`
}
