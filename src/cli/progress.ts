/** A bar for one download, or one folder, drawn over itself; on a terminal only. */
import type { DownloadProgress } from '../index.js'
import type { Output } from './io.js'
import { printable } from '../words/printable.js'
import { count } from '../words/amounts.js'

/** A bar on a terminal; elsewhere it is not shown. */
export interface ProgressBar {
  update(progress: DownloadProgress): void
  /** Wipes the bar away. */
  end(): void
}

/** How a bar is drawn. */
export interface ProgressOptions {
  /** Milliseconds, from whenever. Default: a clock that never goes back. */
  readonly now?: () => number
  /** What is counted. Default: bytes. */
  readonly counts?: 'bytes' | 'files'
}

const barWidth = 24
const fewestColumns = 40
/** Milliseconds between two drawings, so that nobody has to read fast. */
const pause = 100
/** Milliseconds that the rate is over. */
const span = 5_000

interface Sample {
  readonly time: number
  readonly received: number
}

/**
 * A bar with `label` before it, and as many of these behind it as fit: bytes, bytes a second over the
 * last seconds, and the time that the rest takes at that rate.
 */
export function progressBar(
  output: Pick<Output, 'isTerminal' | 'columns' | 'write'>,
  label: string,
  { now = () => performance.now(), counts = 'bytes' }: ProgressOptions = {},
): ProgressBar {
  const { isTerminal, columns } = output
  if (!isTerminal || columns < fewestColumns)
    return { update: () => undefined, end: () => undefined }
  const room = columns - barWidth - ' [] 100%'.length - 1
  const name = shorten(printable(label), room)
  let drawn: string | undefined
  let drawnAt = -Infinity
  let samples: Sample[] = []

  return {
    update(progress) {
      const { received, total } = progress
      const time = now()
      // A download has many more chunks than anybody can see.
      if (time - drawnAt < pause && received < total) return
      samples = [...samples.filter((one) => time - one.time <= span), { time, received }]
      const share = total === 0 ? 1 : received / total
      const full = Math.floor(share * barWidth)
      const percent = `${Math.floor(share * 100)}%`.padStart(4)
      let line = `${name} [${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${percent}`
      for (const part of details(progress, samples, counts)) {
        if (line.length + part.length > columns - 1) break
        line += part
      }
      if (line === drawn) return
      output.write(`\r${line}${' '.repeat(Math.max(0, (drawn?.length ?? 0) - line.length))}`)
      drawn = line
      drawnAt = time
    },
    end() {
      if (drawn !== undefined) output.write(`\r${' '.repeat(drawn.length)}\r`)
    },
  }
}

function details(
  { received, total }: DownloadProgress,
  samples: readonly Sample[],
  counts: 'bytes' | 'files',
): string[] {
  if (counts === 'files') return [`  ${received} of ${count(total, 'file')}`]
  const bytes = `  ${amountInWords(received)} of ${amountInWords(total)}`
  const [first, last] = [samples[0], samples.at(-1)]
  const time = first && last ? last.time - first.time : 0
  const rate = first && last && time > 0 ? ((last.received - first.received) / time) * 1_000 : 0
  if (rate <= 0) return [bytes]
  const left = received < total ? [`  ${timeInWords((total - received) / rate)} left`] : []
  return [bytes, `  ${amountInWords(rate)}/s`, ...left]
}

/** `512 B`, `1.5 MB`: in powers of a thousand, as disks and browsers have it. */
export function amountInWords(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB']
  let amount = bytes
  let unit = 'B'
  for (const next of units) {
    // Rounded, 999.95 would have four digits before the point.
    if (amount < 999.95) break
    amount /= 1_000
    unit = next
  }
  return unit === 'B' ? `${Math.round(amount)} B` : `${amount.toFixed(1)} ${unit}`
}

/** `0:07`, `12:30`, `1:02:03` */
export function timeInWords(seconds: number): string {
  const whole = Math.ceil(Math.min(seconds, 359_999))
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60]
  const last = String(whole % 60).padStart(2, '0')
  if (hours === 0) return `${minutes}:${last}`
  return `${hours}:${String(minutes).padStart(2, '0')}:${last}`
}

function shorten(text: string, room: number): string {
  return text.length <= room ? text : `…${text.slice(text.length - room + 1)}`
}
