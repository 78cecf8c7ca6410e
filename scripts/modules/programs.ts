/** The texts of the projects: one update cycle, as a program and as a test, in each form. */

/** The output of a program when all is well. */
export const expected = 'a wheel, ERR_TUF_HASH_MISMATCH, true'

const body = `
async function cycle() {
  const repository = createRepository()
  repository.addTarget('a.whl', 'a wheel')
  repository.publish()
  const fetcher = repository.fetcher()
  const { metadataUrl, targetsUrl } = fetcher
  const root = repository.root()
  const updater = new Updater({ metadataUrl, targetsUrl, root, fetcher, now: () => repository.now })
  const view = await updater.refresh()
  const text = new TextDecoder().decode(await view.read('a.whl'))
  repository.attack.arbitraryInstallation('a.whl')
  const error = await view.read('a.whl').catch((refusal) => refusal)
  const known = isTufError(error) && error instanceof HashMismatchError && error instanceof Error
  return [text, error.code, known].join(', ')
}
`

const names = [
  ['{ isTufError, Updater }', 'tuffet'],
  ['{ HashMismatchError }', 'tuffet/errors'],
  ['{ createRepository }', 'tuffet/testing'],
]

const imports = names.map(([what, from]) => `import ${what} from '${from}'`).join('\n')
const requires = names.map(([what, from]) => `const ${what} = require('${from}')`).join('\n')

/** As an ES module, and as CommonJS. */
export const moduleProgram = `${imports}\n${body}\ncycle().then(console.log)\n`
export const commonJsProgram = `${requires}\n${body}\ncycle().then(console.log)\n`

/** With the types of a strict program; the error of a \`catch\` is \`any\` there. */
export const typedProgram = `${imports}\n${body.replace('cycle()', 'cycle(): Promise<string>')}\nvoid cycle().then(console.log)\n`

/** Exports the cycle, for bundles that run where there is no console. */
export const exportedProgram = `${imports}\n${body}\nexport { cycle }\n`

/**
 * A test that fails unless the cycle ends as it should.
 *
 * @param head Lines that name \`test\`.
 */
export function testProgram(form: 'module' | 'CommonJS', head: string): string {
  const [assert, rest] =
    form === 'module'
      ? ["import assert from 'node:assert'", imports]
      : ["const assert = require('node:assert')", requires]
  return `${head}\n${assert}\n${rest}\n${body}
test('an update cycle', async () => assert.equal(await cycle(), '${expected}'))
`
}

/** Both forms of loading give one package. */
export const sameProgram = `
const required = require('tuffet')
import('tuffet').then((imported) => console.log(imported.Updater === required.Updater))
`
