import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { streamTarget } from '../../src/client/download.js'
import { resolveLimits, targetSource, type TargetFile } from '../../src/index.js'
import { downloadFile } from '../../src/node/index.js'
import { serve } from '../../src/testing/node/index.js'
import { createRepository, defaultTargetsUrl, memoryFetcher } from '../../src/testing/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const content = 'a wheel'
const target: TargetFile = {
  path: 'pkgs/a.whl',
  length: content.length,
  hashes: new Map([['sha256', createHash('sha256').update(content).digest('hex')]]),
}

function repositoryWith(text: string) {
  const repo = createRepository()
  repo.addTarget('pkgs/a.whl', text)
  repo.publish()
  return repo
}

async function textOf(text: string, hashPrefix?: boolean): Promise<string> {
  const fetcher = memoryFetcher(repositoryWith(text))
  const source = targetSource(target, { targetsUrl: defaultTargetsUrl, fetcher, hashPrefix })
  const chunks: Uint8Array[] = []
  for await (const chunk of streamTarget(source)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('a target source without a view', () => {
  test('fetches the hash-prefixed name, and the plain one when asked to', async () => {
    expect(await textOf(content)).toBe(content)
    await expect(textOf(content, false)).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_NOT_FOUND',
      url: `${defaultTargetsUrl}pkgs/a.whl`,
    })
  })

  test('refuses bytes that are not the target', async () => {
    const fetcher = { fetch: () => Promise.resolve({ offset: 0, body: bodyOf('a whale') }) }
    const source = targetSource(target, { targetsUrl: defaultTargetsUrl, fetcher })
    const path = join(temporaryFolder('target-source'), 'a.whl')
    await expect(
      downloadFile({ downloadSource: () => source }, target, path),
    ).rejects.toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH' })
  })

  test('downloads over the platform by default', async () => {
    const served = await serve(repositoryWith(content))
    try {
      const source = targetSource(target, { targetsUrl: served.targetsUrl })
      const path = join(temporaryFolder('target-source'), 'a.whl')
      await downloadFile({ downloadSource: () => source }, target, path)
      expect(readFileSync(path, 'utf8')).toBe(content)
    } finally {
      await served.close()
    }
  })

  test('refuses base URLs, targets and limits that cannot be used', () => {
    const targetsUrl = defaultTargetsUrl
    expect(() => targetSource(target, { targetsUrl: 'pkgs/' })).toThrow(TypeError)
    expect(() => targetSource({ ...target, length: -1 }, { targetsUrl })).toThrow(TypeError)
    expect(() => targetSource({ ...target, path: '../a.whl' }, { targetsUrl })).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_NAME_UNSAFE' }),
    )
    expect(() => targetSource(target, { targetsUrl, limits: { minimumRate: -1 } })).toThrow(
      RangeError,
    )
  })

  test('uses the limits that are given, and the defaults for the others', () => {
    const given = { targetsUrl: defaultTargetsUrl, limits: { minimumRate: 5 } }
    expect(targetSource(target, given).limits).toEqual(resolveLimits({ minimumRate: 5 }))
  })
})

async function* bodyOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
