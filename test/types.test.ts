import { readdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import { compileComplaints } from './support/compile.js'
import { sourceFiles } from './support/source-files.js'

const folder = 'test/types'
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'))

describe('types', () => {
  test('every type test compiles', () => {
    expect(files.length).toBeGreaterThan(1)
    expect(messagesOf(files.map((name) => `${folder}/${name}`))).toEqual([])
  })

  test('a type test that is wrong does not compile', () => {
    const wrong = `
      import { holds, type Equals } from './equals.js'
      holds<Equals<{ a: 1 }, { readonly a: 1 }>>()
      // @ts-expect-error: this is right, so the comment is not
      export const right: number = 1
    `
    expect(messagesOf([`${folder}/wrong.ts`], new Map([[`${folder}/wrong.ts`, wrong]]))).toEqual([
      "test/types/wrong.ts: Type 'false' does not satisfy the constraint 'true'.",
      "test/types/wrong.ts: Unused '@ts-expect-error' directive.",
    ])
  })
})

describe('options', () => {
  test('each may be given as undefined, for programs with exactOptionalPropertyTypes', () => {
    const missing = sourceFiles('src').flatMap(({ path, syntax }) =>
      syntax.statements
        .filter((one) => ts.isInterfaceDeclaration(one))
        .filter(({ name }) => name.text.endsWith('Options') && !path.startsWith('src/cli/'))
        .flatMap(({ name, members }) =>
          members.filter(refusesUndefined).map((one) => `${name.text}.${one.name?.getText()}`),
        ),
    )
    expect(missing).toEqual([])
  })
})

function refusesUndefined(member: ts.TypeElement): boolean {
  if (!ts.isPropertySignature(member) || member.questionToken === undefined) return false
  const { type } = member
  if (type === undefined) return false
  const parts = ts.isUnionTypeNode(type) ? [...type.types] : [type]
  return !parts.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword)
}

function messagesOf(names: readonly string[], unsaved?: ReadonlyMap<string, string>): string[] {
  return compileComplaints(names, unsaved).map(({ name, message }) => `${name}: ${message}`)
}
