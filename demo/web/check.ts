/** Everything that the page promises, tried in Chromium. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attacks } from '../attacks.js'
import { Chromium } from './chromium.js'

const ready = `document.querySelector('#answer')?.getAttribute('aria-busy') === 'false'`

/** Prints a line for each property; false when one does not hold. */
export async function checkPage(command: string, url: string, shots?: string): Promise<boolean> {
  const browser = await Chromium.start(command)
  const folder = mkdtempSync(join(tmpdir(), 'tuffet-page-'))
  let good = true
  const property = (title: string, faults: readonly string[]): void => {
    good &&= faults.length === 0
    console.log(
      `${faults.length === 0 ? '✓' : '✗'} ${title}${faults.map((one) => `\n    ${one}`).join('')}`,
    )
  }
  const shoot = async (name: string): Promise<void> => {
    if (shots === undefined) return
    mkdirSync(shots, { recursive: true })
    writeFileSync(join(shots, `${name}.png`), await browser.screenshot())
  }
  const look = async (width: number, height: number, scheme: 'light' | 'dark'): Promise<void> => {
    const size = { width, height, deviceScaleFactor: 1, mobile: width < 600 }
    await browser.send('Emulation.setDeviceMetricsOverride', size)
    const features = [{ name: 'prefers-color-scheme', value: scheme }]
    await browser.send('Emulation.setEmulatedMedia', { features })
  }
  try {
    await look(1280, 1100, 'light')
    await browser.send('Page.navigate', { url })
    await browser.until(ready)
    property('the page draws the whole chain of a project', await chainFaults(browser))
    await shoot('light')
    property('the time until a role expires goes on', await countdownFaults(browser))
    property(
      'the keyboard reaches everything, and the focus is seen',
      await keyboardFaults(browser),
    )
    await shoot('focus')
    for (const [at, { title }] of attacks('bin').entries()) {
      property(title, await attackFaults(browser, at))
      await shoot(`attack-${String(at).padStart(2, '0')}`)
    }
    property('afterwards the client accepts the repository again', await switched(browser, ''))
    property('a dropped wheel is hashed and judged', await dropFaults(browser, folder))
    for (const sample of ['genuine', 'altered', 'foreign', 'unknown', 'lock']) {
      property(`the sample ${sample}`, await sampleFaults(browser, sample))
      await shoot(sample)
    }
    property('a file that the reader lists is a match', await listedFaults(browser))
    for (const scheme of ['light', 'dark'] as const) {
      for (const width of [360, 768, 1280]) {
        await look(width, 1100, scheme)
        await switched(browser, '11')
        property(
          `no text is cut or overlaps at ${width} pixels, ${scheme}`,
          await layoutFaults(browser),
        )
        await shoot(`refused-${width}-${scheme}`)
        await sampleFaults(browser, 'foreign')
        property(
          `nor where an attestation is refused at ${width} pixels, ${scheme}`,
          await layoutFaults(browser),
        )
        await shoot(`foreign-${width}-${scheme}`)
      }
    }
    property(
      'nothing is requested from elsewhere, and no policy is broken',
      requestFaults(browser, url),
    )
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return good
}

/** The cards as text. */
const cards = `[...document.querySelectorAll('#chain g[data-card]')].map((card) => card.getAttribute('class') + ' ' + card.getAttribute('data-card'))`

async function chainFaults(browser: Chromium): Promise<string[]> {
  const found = String(await browser.evaluate(`${cards}.join('; ')`))
  const wanted =
    /^good root; good timestamp; good snapshot; good targets; good bins; good [0-9a-f-]+; good demo-1\.0-py3-none-any\.whl; good attestation$/
  return wanted.test(found) ? [] : [found]
}

async function countdownFaults(browser: Chromium): Promise<string[]> {
  const text = `document.querySelector('#chain [data-card="timestamp"] [data-expires]').textContent`
  const first = JSON.stringify(await browser.evaluate(text))
  if (!/^"valid for [\d:]+"$/.test(first)) return [first]
  await browser.until(`${text} !== ${first}`)
  return []
}

/** Tabs through the page, and chooses the first attack with the arrow keys. */
async function keyboardFaults(browser: Chromium): Promise<string[]> {
  await browser.evaluate(`document.activeElement?.blur(), scrollTo(0, 0)`)
  const reached: string[] = []
  const faults: string[] = []
  for (let times = 0; times < 13; times++) {
    await browser.press('Tab', 9)
    const name = String(
      await browser.evaluate(`(() => {
      const { activeElement: one } = document
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
      return (seen ? '' : 'unseen ') + (one.id || one.dataset.sample || one.name || one.tagName + one.type)
    })()`),
    )
    if (name.startsWith('unseen') && !name.includes('BODY')) faults.push(name)
    reached.push(name)
    if (name === 'attack') break
  }
  for (const name of ['project', 'file', 'genuine', 'altered', 'unknown', 'lock', 'attack']) {
    if (!reached.includes(name)) faults.push(`not reached: ${name} (${reached.join(', ')})`)
  }
  await browser.press('ArrowDown', 40)
  await browser.until(`document.querySelector('#attacks input[value="0"]').checked`)
  await browser.until(ready)
  const refused = await browser.evaluate(`document.querySelector('#chain .refused')?.dataset.card`)
  return refused === 'timestamp' ? faults : [...faults, `the arrow key: ${String(refused)}`]
}

/** Chooses a switch and waits for the answer; its faults if it is not good. */
async function switched(browser: Chromium, value: string): Promise<string[]> {
  // A switch that is on already has nothing to say.
  await browser.evaluate(`(() => {
    const input = document.querySelector('#attacks input[value="${value}"]')
    input.checked = true
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })()`)
  await browser.until(ready)
  const tone = await browser.evaluate(`document.querySelector('#verdict').className`)
  const wanted = value === '' ? 'verdict good' : 'verdict refused'
  return tone === wanted ? [] : [`${String(tone)}: ${await said(browser)}`]
}

async function said(browser: Chromium): Promise<string> {
  return String(await browser.evaluate(`document.querySelector('#verdict').innerText`))
}

/** The refused card is that of the role or file in the message, with its code and step. */
async function attackFaults(browser: Chromium, at: number): Promise<string[]> {
  const faults = await switched(browser, String(at))
  const text = await said(browser)
  const [, code, , step] = /\((ERR_TUF_\w+)(, step ([\d.]+))?\)/.exec(text) ?? []
  const card = String(
    await browser.evaluate(
      `[...document.querySelectorAll('#chain g.refused[data-card]')].map((one) => one.textContent).join(' | ')`,
    ),
  )
  if (code === undefined || !card.includes(code)) faults.push(`${String(code)} is not on ${card}`)
  if (step !== undefined && !card.includes(`step ${step}`)) faults.push(`${step} is not on ${card}`)
  if (!/refused, step [\d.]+/.test(card)) faults.push(card)
  const colour = await browser.evaluate(
    `(({ stroke }) => stroke)(getComputedStyle(document.querySelector('#chain .refused > .card') ?? document.body))`,
  )
  if (colour !== 'rgb(207, 34, 46)') faults.push(`its colour is ${String(colour)}`)
  return faults
}

/** A file of the disk in the field, and a file that is dropped on the page. */
async function dropFaults(browser: Chromium, folder: string): Promise<string[]> {
  const file = join(folder, 'turtle-2.4-py3-none-any.whl')
  writeFileSync(file, 'not the wheel')
  const { root } = await browser.send('DOM.getDocument')
  const { nodeId } = root as { nodeId?: number }
  const field = await browser.send('DOM.querySelector', { nodeId, selector: '#file' })
  await browser.send('DOM.setFileInputFiles', { files: [file], nodeId: field['nodeId'] })
  await browser.until(headline('turtle-2.4-py3-none-any.whl: it was altered.'))
  await browser.evaluate(`(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['else'], 'demo-1.0-py3-none-any.whl'))
    const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
    document.querySelector('#drop').dispatchEvent(drop)
  })()`)
  await browser.until(headline('demo-1.0-py3-none-any.whl: it was altered.'))
  const text = await said(browser)
  return /mismatch/.test(text) ? [] : [text]
}

function headline(text: string): string {
  return `document.querySelector('#headline').textContent === ${JSON.stringify(text)} && ${ready}`
}

async function sampleFaults(browser: Chromium, sample: string): Promise<string[]> {
  const wanted: Readonly<Record<string, RegExp>> = {
    genuine: /it is the file of the repository[^]*match[^]*signed by its pinned publisher/,
    altered: /it was altered[^]*mismatch[^]*another content of the file/,
    foreign: /its attestation is refused[^]*match[^]*mismatch: signed by GitHub stranger\/turtle/,
    unknown: /does not know it[^]*unknown[^]*no-attestation/,
    lock: /1 of 3 entries match[^]*match[^]*mismatch[^]*unknown/,
  }
  await browser.evaluate(`document.querySelector('[data-sample="${sample}"]').click()`)
  await browser.until(ready)
  const text = await said(browser)
  return wanted[sample]?.test(text) ? [] : [text]
}

async function listedFaults(browser: Chromium): Promise<string[]> {
  await sampleFaults(browser, 'unknown')
  await browser.evaluate(`document.querySelector('#words button').click()`)
  await browser.until(ready)
  const text = await said(browser)
  return /stranger-3\.1\S+ it is the file of the repository/.test(text) ? [] : [text]
}

/** By the boxes that the browser measured, and nothing may be wider than the screen. */
async function layoutFaults(browser: Chromium): Promise<string[]> {
  const found = await browser.evaluate(`(() => {
    const faults = []
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) faults.push('the page is ' + scrollWidth + ' wide')
    const texts = [...document.querySelectorAll('#chain text')]
    const boxes = texts.map((one) => one.getBBox())
    const { width } = document.querySelector('#chain svg').viewBox.baseVal
    for (const [at, a] of boxes.entries()) {
      if (a.x < -1 || a.x + a.width > width + 1) faults.push('outside: ' + texts[at].textContent)
      for (const [other, b] of boxes.entries()) {
        if (other <= at || a.x + a.width <= b.x || b.x + b.width <= a.x) continue
        if (a.y + a.height - 4 <= b.y || b.y + b.height - 4 <= a.y) continue
        faults.push(texts[at].textContent + ' | ' + texts[other].textContent)
      }
    }
    for (const one of document.querySelectorAll('main *:not(svg *)')) {
      if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0) faults.push('cut: ' + one.tagName + ' ' + one.textContent.slice(0, 40))
    }
    return faults
  })()`)
  return Array.isArray(found) ? found.map(String) : ['no answer']
}

function requestFaults(browser: Chromium, url: string): string[] {
  return browser.events.flatMap(([method, params]) => {
    if (method === 'Network.requestWillBeSent') {
      const { request } = params as { request?: { url?: string } }
      const asked = request?.url ?? ''
      // Chromium asks for an icon by itself.
      return asked.startsWith(url) || asked === 'about:blank' ? [] : [`requested: ${asked}`]
    }
    if (method === 'Runtime.exceptionThrown') return [JSON.stringify(params)]
    if (method !== 'Log.entryAdded') return []
    const { entry } = params as { entry?: { level?: string; text?: string; url?: string } }
    const isIcon = entry?.url === `${url}favicon.ico`
    return entry?.level === 'error' && !isIcon ? [`${entry.text ?? ''} ${entry.url ?? ''}`] : []
  })
}
