/** `npm run example NAME` runs one of the examples; without a name it lists them. */
import { exampleNamed, examples } from './examples.js'
import { playground } from './playground.js'

const [name, ...more] = process.argv.slice(2)
const found = name === undefined ? undefined : exampleNamed(name)

if (name === undefined) {
  const width = Math.max(...examples().map((one) => one.name.length))
  for (const one of examples()) console.log(`${one.name.padEnd(width)}  ${one.about}`)
} else if (!found || more.length > 0) {
  console.error(`There is no example ${[name, ...more].join(' ')}; npm run example lists them.`)
  process.exitCode = 2
} else {
  const place = await playground(found)
  try {
    console.log(`${found.path}, where https://tuf.example.com/ is ${place.origin}/\n`)
    const { status, made } = await place.run({ stdio: 'inherit' })
    console.log(`\nIt ended with status ${status}${made.length > 0 ? ', and wrote:' : '.'}`)
    for (const file of made) console.log(`  ${file}`)
    process.exitCode = status === 0 ? 0 : 1
  } finally {
    await place.close()
  }
}
