/** The page: asks the repository in it, and attacks it. */
import { ed25519Signer } from 'tuffet/testing'
import { attacks, recover, type Attack } from '../attacks.js'
import { askFile, askProject, askUnderAttack, explained, type Answer } from './ask.js'
import { demo, listed, samples } from './samples.js'
import { countDown, element, showAnswer, showChain } from './show.js'
import { createCrossedWorld, createWorld, list, type Listed, type PageWorld } from './world.js'

const options = { now: Date.now(), makeSigner: ed25519Signer }
const published: Listed[] = [...listed]
const day = 86_400_000
const answer = element('#answer', HTMLElement)
const worlds = {
  pypi: createWorld(published, options),
  crossed: createCrossedWorld(demo, options),
}
const bin = (await explained(worlds.pypi, worlds.pypi.path)).chain.at(-1)?.role ?? ''
const all = attacks(bin)

let shown: { readonly answer: Answer; readonly world: PageWorld } | undefined
/** The attack that is going on, and the role that it is aimed at. */
let current: { readonly attack: Attack; readonly role: string } | undefined
/** When every bin was signed. */
let signedDaily = worlds.pypi.now
/** One question at a time, in order. */
let queue: Promise<void> = Promise.resolve()

makeSwitches()
makeForm()
makeDrop()
ask(() => askProject(worlds.pypi, 'demo', published))
setInterval(() => shown && countDown(shown.world.now), 1000)
new ResizeObserver(() => shown && showChain(shown.answer, shown.world.now)).observe(answer)

function worldOf(attack: Attack | undefined): PageWorld {
  return attack?.crossed ? worlds.crossed : worlds.pypi
}

/** Shows the answer; the answer area says while it waits that it is busy. */
function ask(question: () => Promise<Answer>, world = worlds.pypi): void {
  answer.setAttribute('aria-busy', 'true')
  queue = queue.then(async () => {
    let given: Answer
    try {
      world.setClock()
      given = await question()
    } catch (error) {
      given = { tone: 'open', headline: `This went wrong: ${String(error)}` }
    }
    shown = { answer: given, world }
    showAnswer(given, publish)
    showChain(given, world.now)
    answer.setAttribute('aria-busy', 'false')
    if (answer.getBoundingClientRect().top > innerHeight * 0.7) answer.scrollIntoView()
  })
}

function publish(offer: Listed): void {
  ask(async () => {
    published.push(offer)
    list(worlds.pypi.repo, published)
    return askFile(worlds.pypi, new File([Uint8Array.from(offer.bytes)], offer.filename))
  })
}

/** The repository is honest again, and the client finds that the attack did no lasting harm. */
function end(): void {
  if (!current) return
  const { attack, role } = current
  const world = worldOf(attack)
  world.setClock()
  recover(attack, world, role, attack.crossed ? 'root' : bin)
  if (!attack.crossed && world.now - signedDaily > day / 2) {
    // The online key signs every bin daily.
    world.repo.publish(
      ...world.repo.roles().filter((name) => name !== 'targets' && name !== 'bins'),
    )
    signedDaily = world.now
  }
  current = undefined
}

function switchTo(attack: Attack | undefined): void {
  ask(async () => {
    end()
    const world = worldOf(attack)
    world.setClock()
    if (attack) {
      return askUnderAttack(world, attack, (role) => (current = { attack, role }))
    }
    const picture = await explained(world, world.path)
    const headline = picture.error
      ? 'The client does not accept the repository.'
      : 'The repository is honest, and the client accepts it: no lasting harm was done.'
    return { tone: picture.error ? 'refused' : 'good', headline, picture }
  }, worldOf(attack))
}

function makeSwitches(): void {
  const place = element('#attacks', HTMLFieldSetElement)
  for (const [at, { title }] of all.entries()) {
    const label = document.createElement('label')
    const input = document.createElement('input')
    Object.assign(input, { type: 'radio', name: 'attack', value: String(at) })
    label.append(input, title)
    place.append(label)
  }
  place.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement) {
      switchTo(target.value === '' ? undefined : all[Number(target.value)])
    }
  })
}

/** Questions are for the honest repository. */
function honestly(question: () => Promise<Answer>): void {
  element('#attacks input', HTMLInputElement).checked = true
  ask(async () => {
    end()
    return question()
  })
}

function makeForm(): void {
  const names = element('#projects', HTMLDataListElement)
  for (const name of new Set(published.map(({ project }) => project))) {
    names.append(new Option(name, name))
  }
  const name = element('#project', HTMLInputElement)
  element('#project-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault()
    const project = name.value.trim()
    if (project !== '') honestly(() => askProject(worlds.pypi, project, published))
  })
}

function makeDrop(): void {
  const drop = element('#drop', HTMLElement)
  const input = element('#file', HTMLInputElement)
  const take = (file: File | null | undefined): void => {
    if (file) honestly(() => askFile(worlds.pypi, file))
  }
  input.addEventListener('change', () => take(input.files?.[0]))
  // Anywhere in the page: a file that misses the field would replace the page.
  addEventListener('dragover', (event) => {
    event.preventDefault()
    drop.classList.add('over')
  })
  addEventListener('dragleave', () => drop.classList.remove('over'))
  addEventListener('drop', (event) => {
    event.preventDefault()
    drop.classList.remove('over')
    input.value = ''
    take(event.dataTransfer?.files[0])
  })
  for (const button of document.querySelectorAll('[data-sample]')) {
    button.addEventListener('click', () => {
      input.value = ''
      const make = samples[button.getAttribute('data-sample') ?? '']
      if (make) honestly(async () => askFile(worlds.pypi, await make()))
    })
  }
}
