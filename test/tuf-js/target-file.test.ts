import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { TargetFile as TheirTargetFile } from 'tuf-js'
import { LengthOrHashMismatchError, TargetFile, ValueError } from '../../src/tuf-js/index.js'

const content = 'a wheel'
const sha256 = createHash('sha256').update(content).digest('hex')
const data = { length: content.length, hashes: { sha256 }, custom: { a: 1 }, other: [2] }

describe('a target file', () => {
  test('has the shape that tuf-js gives it', () => {
    const [own, their] = [
      TargetFile.fromJSON('a.whl', data),
      TheirTargetFile.fromJSON('a.whl', data),
    ]
    expect(Object.entries(own).sort()).toEqual(Object.entries(their).sort())
    expect(own.toJSON()).toEqual(their.toJSON())
    expect(own.custom).toEqual(their.custom)
    expect(own.equals(TargetFile.fromJSON('a.whl', data))).toBe(true)
    expect(own.equals(TargetFile.fromJSON('b.whl', data))).toBe(false)
    expect(new TargetFile({ path: 'a', length: 1, hashes: {} }).custom).toEqual({})
  })

  test('refuses what tuf-js refuses', () => {
    expect(() => new TargetFile({ path: 'a', length: -1, hashes: {} })).toThrow(ValueError)
    for (const wrong of [{ hashes: {} }, { length: 1 }, { length: 1, hashes: { sha256: 1 } }]) {
      expect(() => TargetFile.fromJSON('a', wrong)).toThrow(TypeError)
      expect(() => TheirTargetFile.fromJSON('a', JSON.parse(JSON.stringify(wrong)))).toThrow(
        TypeError,
      )
    }
  })

  test('verifies a stream by length and hashes', async () => {
    const target = TargetFile.fromJSON('a.whl', data)
    await target.verify(Readable.from([Buffer.from('a whe'), Buffer.from('el')]))
    for (const wrong of ['a whale', 'a wheels', '']) {
      await expect(target.verify(Readable.from([Buffer.from(wrong)]))).rejects.toBeInstanceOf(
        LengthOrHashMismatchError,
      )
    }
  })

  test('without a known hash is refused, where tuf-js compares the length alone', async () => {
    const given = { path: 'a.whl', length: content.length, hashes: {} }
    const stream = () => Readable.from([Buffer.from('another')])
    await new TheirTargetFile(given).verify(stream())
    await expect(new TargetFile(given).verify(stream())).rejects.toBeInstanceOf(
      LengthOrHashMismatchError,
    )
  })
})
