import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { attacks } from '../../demo/attacks.js'
import { drawTerminal, textOfPicture, withoutNumbers } from '../../scripts/terminal-picture.js'

const picture = readFileSync('docs/demo.svg', 'utf8')

describe('the picture of the demo', () => {
  test('shows every attack of the demo as refused, in its order', () => {
    const lines = textOfPicture(picture).split('\n')
    const shown = lines.filter((line) => line.includes('✓') && line.includes(' ERR_TUF_'))
    const titles = attacks('bin').map(({ title }) => title)
    expect(shown.map((line) => line.replace(/^ +✓ (.*?) +ERR_TUF_.*$/, '$1'))).toEqual(titles)
    expect(lines.filter((line) => line.includes('✗'))).toEqual([])
  })

  test('needs nothing from elsewhere, and suits light and dark screens', () => {
    expect(picture).not.toMatch(/href|url\(|@import|<script/)
    expect(picture).toContain('@media (prefers-color-scheme: dark)')
  })

  test('is shown by the README, with words for readers who do not see it', () => {
    expect(readFileSync('README.md', 'utf8')).toMatch(/<img alt="[^"]{40,}" src="docs\/demo\.svg"/)
  })
})

describe('a picture of a terminal', () => {
  test('has the text of the output, whatever is in it, and its colours as classes', () => {
    const svg = drawTerminal('\u001b[32m✓\u001b[39m a < b & c\n\n\u001b[1mdone\u001b[22m\n')
    expect(textOfPicture(svg)).toBe('✓ a < b & c\n\ndone')
    expect(svg).toContain('<tspan class="green">✓</tspan>')
    expect(svg).toContain('<tspan class="bold">done</tspan>')
  })

  test('is compared without times and amounts', () => {
    expect(withoutNumbers('7 requests, 1,234 bytes in 1.5 s')).toBe(
      withoutNumbers('7 requests, 99 bytes in 800 ms'),
    )
    expect(withoutNumbers('17 of 17 came out')).not.toBe(withoutNumbers('17 of 17 failed'))
  })
})
