/** Chromium for the scripts that need one: a page is opened, and reports by itself when it is done. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** `CHROMIUM`, or one in the path. */
export function findBrowser(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const { CHROMIUM } = process.env
  return [...(CHROMIUM ? [CHROMIUM] : []), ...names].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  )
}

/**
 * Opens a page without a window.
 *
 * @param profile the folder where the browser keeps the data of the page
 * @returns ends the browser, and waits for its end
 */
export function openPage(command: string, profile: string, url: string): () => Promise<void> {
  const quiet = ['no-first-run', 'disable-background-networking', 'disable-component-update']
  const flags = ['headless', 'no-sandbox', 'disable-gpu', 'no-proxy-server', ...quiet]
  const all = [...flags, `user-data-dir=${profile}`].map((flag) => `--${flag}`)
  const child = spawn(command, [...all, url], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  return async () => {
    child.kill()
    await ended
  }
}
