import { describe, expect, test } from '@jest/globals'
import { negotiatePage } from '../../../src/pypi/proxy/negotiate.js'

const json = 'application/vnd.pypi.simple.v1+json'
const html = 'application/vnd.pypi.simple.v1+html'
const plain = 'text/html; charset=utf-8'

describe('the form of a page', () => {
  test.each([
    [undefined, plain],
    ['*/*', plain],
    ['text/*', plain],
    ['application/*', json],
    ['text/html', plain],
    [json, json],
    [html, html],
    ['application/vnd.pypi.simple.latest+json', json],
    ['APPLICATION/vnd.pypi.simple.v1+JSON', json],
    // The headers of pip and uv.
    [`${json}, ${html}; q=0.1, text/html; q=0.01`, json],
    [`${json}, ${html};q=0.2, text/html;q=0.01`, json],
    [`${json};q=0.2, ${html};q=0.9, */*;q=0.1`, html],
    ['text/html, application/xhtml+xml, */*;q=0.8', plain],
    [`${json};q=0, */*`, plain],
    [`text/html;q=0, ${html};q=0, */*`, json],
    [`${json};q=0.5, text/html;q=0.5`, json],
    [`${json};q=nonsense, ${html};q=0.1`, html],
  ])('that %s asks for is %s', (accept, contentType) => {
    expect(negotiatePage(accept)?.contentType).toBe(contentType)
  })

  test.each(['application/json', 'image/*', 'text/html;q=0', '*/*;q=0', `${json};q=2`, ''])(
    'is not accepted for %j',
    (accept) => {
      expect(negotiatePage(accept)).toBeUndefined()
    },
  )
})
