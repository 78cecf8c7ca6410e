/** The texts of a picture, each with the room that it takes at most. */
import { widthOf } from '../../src/picture/text.js'

export interface Box {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export function boxesOf(svg: string): Box[] {
  return [...svg.matchAll(/<text ([^>]*)>(.*?)<\/text>/gs)].map(
    ([, attributes = '', inner = '']) => {
      const number = (name: string) =>
        Number(new RegExp(`\\b${name}="([\\d.]+)"`).exec(attributes)?.[1])
      const text = unescaped(inner.replace(/<title>.*?<\/title>/s, ''))
      const size = number('font-size')
      const mono = /class="[^"]*\bmono\b/.test(attributes)
      const bold = /class="[^"]*\bbold\b/.test(attributes)
      const room = number('textLength')
      const width = Number.isNaN(room) ? widthOf(text, { size, mono, bold }) : room
      const [x, y] = [number('x'), number('y')]
      const left = attributes.includes('text-anchor="end"') ? x - width : x
      return { text, left, right: left + width, top: y - size * 0.8, bottom: y + size * 0.25 }
    },
  )
}

/** Pairs of texts that overlap, and texts that leave the picture. */
export function collisions(svg: string): string[] {
  const boxes = boxesOf(svg)
  const width = Number(/<svg [^>]*\bwidth="(\d+)"/.exec(svg)?.[1])
  const outside = boxes.filter(({ left, right }) => left < -0.5 || right > width + 0.5)
  const pairs = boxes.flatMap((a, at) =>
    boxes.slice(at + 1).flatMap((b) => {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
      return apart ? [] : [`${a.text} | ${b.text}`]
    }),
  )
  return [...outside.map(({ text }) => `outside: ${text}`), ...pairs]
}

export function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
