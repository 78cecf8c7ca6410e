/** Puts an answer into the page. Every text is a text node; the drawing is parsed as XML. */
import { drawChain } from 'tuffet/picture'
import type { Answer } from './ask.js'

/** @throws TypeError when the page lacks it */
export function element<T extends Element>(selector: string, type: new () => T): T {
  const found = document.querySelector(selector)
  if (found instanceof type) return found
  throw new TypeError(`the page lacks ${selector}`)
}

export function showAnswer(answer: Answer, onOffer: (offer: NonNullable<Answer['offer']>) => void) {
  element('#verdict', HTMLElement).className = `verdict ${answer.tone}`
  element('#headline', HTMLElement).textContent = answer.headline
  const { facts = [], rows = [], offer } = answer
  const parts: Element[] = []
  if (facts.length > 0) {
    const pairs = facts.flatMap(([name, text]) => [made('dt', name), made('dd', text)])
    parts.push(made('dl', ...pairs))
  }
  if (rows.length > 0) {
    const head = made('tr', ...['Entry', 'Verdict', 'Because'].map((text) => made('th', text)))
    const body = rows.map((row) => made('tr', ...row.map((text) => made('td', text))))
    parts.push(made('table', made('thead', head), made('tbody', ...body)))
  }
  if (offer) {
    const button = made('button', 'Let the repository vouch for it')
    button.setAttribute('type', 'button')
    button.addEventListener('click', () => onOffer(offer))
    parts.push(button)
  }
  element('#words', HTMLElement).replaceChildren(...parts)
}

/** Draws for the width that there is. */
export function showChain({ picture }: Answer, now: number): void {
  const place = element('#chain', HTMLElement)
  if (!picture) {
    place.replaceChildren()
    return
  }
  const width = Math.min(760, Math.floor(place.clientWidth))
  const svg = drawChain(picture, { width, now, style: false })
  const { documentElement } = new DOMParser().parseFromString(svg, 'image/svg+xml')
  place.replaceChildren(document.importNode(documentElement, true))
  countDown(now)
}

/** The time that each role is still valid. */
export function countDown(now: number): void {
  for (const text of document.querySelectorAll('[data-expires]')) {
    const left = Number(text.getAttribute('data-expires')) - now
    if (left > 0) text.textContent = `valid for ${clockWords(left)}`
  }
}

/** `23:59:58`, with the days before. */
function clockWords(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':')
  const days = Math.floor(seconds / 86_400)
  return days === 0 ? clock : `${days} ${days === 1 ? 'day' : 'days'} ${clock}`
}

function made(name: string, ...content: (Node | string)[]): HTMLElement {
  const one = document.createElement(name)
  one.append(...content)
  return one
}
