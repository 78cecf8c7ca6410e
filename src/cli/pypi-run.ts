/** `tuffet pypi run -- pip install …` */
import { startProxy } from '../pypi/proxy/proxy.js'
import type { ProxyRefusal } from '../pypi/proxy/refusal.js'
import { childEnvironment } from '../pypi/run/child-environment.js'
import { runChild } from '../pypi/run/child.js'
import { findOtherWays } from '../pypi/run/find-other-ways.js'
import { withoutCurrentFolder } from '../pypi/run/python-module.js'
import { knownCommands, readCommand } from '../pypi/run/tool.js'
import type { Attestations } from './attestations.js'
import { countAttestations, summaryOf } from './attestation-summary.js'
import type { Answer, Call, Command } from './command.js'
import { printLine } from './io.js'
import { NotVerifiedError } from './not-verified-error.js'
import { newToken, proxyOptions, refusalLine, spoolOptions } from './pypi-serve.js'
import { openProxySession, pypiProxyOptions } from './pypi-session.js'
import { lockFileReader } from './read-input.js'
import { UsageError } from './usage-error.js'
import { count } from '../words/amounts.js'

/** How long to wait for a verdict after COMMAND ends, in milliseconds. */
const verdictWait = 10_000

export const pypiRun: Command = {
  parameters: '-- COMMAND...',
  words: { least: 1, most: Infinity },
  options: [...pypiProxyOptions, 'allow-unverified', ...spoolOptions],
  about: [
    'Runs pip or uv with an index of verified files only, and without a way to any other index. It',
    'refuses to start if the command, the environment or a requirements file could bring in files',
    'from elsewhere. Ends with the status of COMMAND.',
  ],
  examples: [
    'tuffet pypi run -- pip install requests',
    'tuffet pypi run -- uv pip install -r requirements.txt',
  ],
  async run(call) {
    const refused = await refuseOtherWays(call)
    if (refused) return refused
    const { io, options, words } = call
    const session = await openProxySession(call)
    const refusals: ProxyRefusal[] = []
    const proxy = await startProxy({
      ...proxyOptions(session, call),
      token: newToken(),
      onRefusal: (refusal) => {
        if (refusals.length < mostRefusals) refusals.push(refusal)
      },
    })
    let status
    try {
      const isolated = (options['allow-unverified'] ?? []).length === 0
      status = await runChild(withoutCurrentFolder(words), {
        folder: io.folder,
        environment: childEnvironment(process.env, proxy, isolated),
        quietOutput: options.json === true,
      })
    } finally {
      const hurry = (): void => void proxy.close(0)
      io.signal.addEventListener('abort', hurry, { once: true })
      await proxy.close(io.signal.aborted ? 0 : verdictWait)
      io.signal.removeEventListener('abort', hurry)
    }
    return answer(status, refusals, session.attestations, call)
  },
}

/** Far more than an installer causes: a page in a browser could cause them without end. */
const mostRefusals = 10_000

/** Undefined when the command can be run. */
async function refuseOtherWays({ io, options, words }: Call): Promise<Answer | undefined> {
  const command = readCommand(words)
  if (!command) {
    const shown = words.slice(0, 3).join(' ')
    throw new UsageError(`${shown}: tuffet can run ${knownCommands}`)
  }
  const ways = await findOtherWays(command, {
    environment: process.env,
    allowUnverified: options['allow-unverified'] ?? [],
    read: lockFileReader(io),
  })
  const [first] = ways
  if (!first) return undefined
  return {
    lines: ways.map(({ source, reason }) => `${source}: ${reason}`),
    json: { ways },
    error: new UsageError(`${first.source}: ${first.reason}; nothing was run`),
  }
}

function answer(
  status: number,
  refusals: readonly ProxyRefusal[],
  attestations: Attestations | undefined,
  { io, options }: Call,
): Answer {
  // The same is often asked for again.
  const lines = [...new Set(refusals.map(refusalLine))]
  const counts = attestations && countAttestations(attestations)
  if (options.json !== true) {
    for (const line of lines) printLine(io.stderr, `tuffet: ${line}`)
    if (counts) printLine(io.stderr, `tuffet: ${summaryOf(counts)}`)
  }
  const [first] = lines
  return {
    lines: [],
    json: {
      status,
      refusals: refusals.map(({ asked, reason }) => ({ asked, reason })),
      ...(counts && { attestations: counts }),
    },
    status,
    ...(status !== 0 &&
      first !== undefined &&
      options.json === true && {
        error: new NotVerifiedError(`${count(lines.length, 'request')} refused; ${first}`),
      }),
  }
}
