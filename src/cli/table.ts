/** Rows of cells as lines. On a terminal the last column is wrapped, so that no line is broken in a word. */

/** A width that is never reached: a file, a pipe. */
export const unlimited: number = Infinity

/** Between two columns. */
const gap = 2
/** The least room for the last column beside the others; with less it starts on a line of its own. */
const leastRoom = 20
const indent = 4

/**
 * One line for each row within `width`, or several where the last cell has to be wrapped. A cell that
 * is longer than half of the width pushes the rest to the next line. Nothing is cut off.
 */
export function tableLines(rows: readonly (readonly string[])[], width: number): string[] {
  const cap = width === unlimited ? unlimited : Math.floor(width / 2)
  const columns = Math.max(0, ...rows.map((cells) => cells.length - 1))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(0, ...rows.map((cells) => lengthOf(cells[at] ?? '')).filter((one) => one <= cap)),
  )
  return rows.flatMap((cells) => rowLines(cells, widths, width))
}

function rowLines(cells: readonly string[], widths: readonly number[], width: number): string[] {
  const lines: string[] = []
  let line = ''
  widths.forEach((room, at) => {
    const cell = cells[at] ?? ''
    line += cell
    if (lengthOf(cell) > room) {
      lines.push(line.trimEnd())
      line = ' '.repeat(indentOf(widths.slice(0, at + 1), width))
    } else {
      line += ' '.repeat(room - lengthOf(cell) + gap)
    }
  })
  const start = indentOf(widths, width)
  const room = width - start
  const [first = '', ...rest] = wrap(cells.at(-1) ?? '', room)
  if (lengthOf(line) + lengthOf(first) > width && line.trim() !== '') {
    lines.push(line.trimEnd())
    line = ' '.repeat(start)
  }
  return [...lines, `${line}${first}`.trimEnd(), ...rest.map((one) => ' '.repeat(start) + one)]
}

/** Where the column after these begins. */
function indentOf(widths: readonly number[], width: number): number {
  const start = widths.reduce((sum, one) => sum + one + gap, 0)
  return width - start < leastRoom ? indent : start
}

/** At spaces; a word that is longer than the room has a line of its own. */
export function wrap(text: string, room: number): string[] {
  if (lengthOf(text) <= room) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > room) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** Characters, and not the units that they are made of. */
function lengthOf(text: string): number {
  return [...text].length
}
