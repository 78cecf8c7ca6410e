/**
 * `npm run structure`: how many rooms, arrows, floors and circles the imports of src/ make, for all
 * files and for each folder. With a folder, such as `npm run structure -- src/core`, its floors from
 * the top, and the arrows of each room.
 */
import { filePicture, folderPictures, type Picture } from '../test/support/import-picture.js'
import { sourceFiles } from '../test/support/source-files.js'

const files = sourceFiles('src')
const pictures = folderPictures(files)
const [wanted] = process.argv.slice(2)
if (wanted === undefined) {
  const rows = [...pictures].map(([folder, picture]) => [folder, figuresOf(picture)])
  console.table({ 'all files': figuresOf(filePicture(files)), ...Object.fromEntries(rows) })
} else {
  const picture = pictures.get(wanted.replace(/\/$/, ''))
  if (!picture) throw new TypeError(`${wanted} is not one of: ${[...pictures.keys()].join(', ')}`)
  for (const [floor, rooms] of [...picture.floors.entries()].reverse()) {
    for (const room of rooms) {
      const below = [...(picture.arrows.get(room) ?? [])].sort()
      console.log(`${floor} ${room}${below.length > 0 ? ` → ${below.join(', ')}` : ''}`)
    }
  }
  for (const circle of picture.circles) console.log(`a circle: ${circle.join(', ')}`)
}

function figuresOf({ rooms, arrows, floors, circles }: Picture): Record<string, number> {
  return {
    rooms: rooms.length,
    arrows: [...arrows.values()].reduce((sum, { size }) => sum + size, 0),
    floors: floors.length,
    circles: circles.length,
  }
}
