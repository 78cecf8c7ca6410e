/** `docs/testing.md`: how the project is tested, and the results of the proofs. */
import { knownSurvivors, survivorsSection } from './mutation/survivors.js'
import { formatMarkdown, type Proof } from './record.js'

/** The whole page. */
export function testingPage(proofs: readonly Proof[]): Promise<string> {
  return formatMarkdown(`# Testing

\`npm run proofs -- --write\` writes this page from \`test/proof/results/\`; a test compares them. Everything on it can be
repeated from a checkout: [CONTRIBUTING.md](../CONTRIBUTING.md) lists the programs that some commands need.

| kind | command | about |
| --- | --- | --- |
| behaviour | \`npm test\` | The tests run against an in-memory repository behind the real ports. Each title is a sentence about behaviour. CI holds 95 % of the branches of \`core\` and \`client\`. |
| vectors | \`npm run test:nodes\` | [A package](../spec-vectors/README.md) of workflows and single functions that any client can be asked. Every supported Node must reach the expected verdicts with both cryptographies; broken clients show that the vectors notice faults. |
| interoperation | \`npm run test:interop\` | pip, uv, the tools that own each lock format, and python-tuf do the thing that the guides promise. |
| other clients | \`npm run interop\` | Asks python-tuf, tuf-js, go-tuf and tough the vectors, and [compares](interop.md). |
| conformance | \`npm run test:conformance\`, \`npm run test:sigstore\` | The public suites of TUF and Sigstore, from a checkout. |
| real metadata | \`npm run test:real\` | Metadata of public repositories is accepted. |
| budgets | \`npm test\` | Each [limit](budgets.md) is tested from both sides. |
| speed | \`npm run bench\` | Ratios within one run, each [with its bar](performance.md). |
| proofs | below | Faults, floods, random histories and hostile input, in short runs in CI and in long ones by hand. |

## Proofs

The table lists the last long run of each; its figures follow. A proof prints its seed; the same seed repeats the run.

| proof | command | seed | seconds | date |
| --- | --- | --- | ---: | --- |
${proofs.map(rowOf).join('\n')}

${proofs.map(figuresOf).join('\n')}
## Survivors

Changes of the sources that no test notices, for the reason in the table. Other survivors are only counted above.

${survivorsSection(knownSurvivors())}

## Findings

Faults that the proofs found in this project, and the way each was mended. Each mended fault is a test of its own.

${proofs.map(findingsOf).join('\n')}`)
}

function rowOf(proof: Proof): string {
  const { proof: name, command, seed, seconds, date } = proof
  return row([name, `\`${command}\``, String(seed), round(seconds), date])
}

function figuresOf({ proof, about, figures }: Proof): string {
  const rows = Object.entries(figures).map(([name, figure]) =>
    row([name, figure.toLocaleString('en')]),
  )
  return `### ${proof}\n\n${about ?? ''}\n\n| figure | last run |\n| --- | --- |\n${rows.join('\n')}\n`
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function findingsOf({ proof, found }: Proof): string {
  if (found.length === 0) return `**${proof}** found no fault.\n`
  return `**${proof}**\n\n${found.map((one) => `- ${one}`).join('\n')}\n`
}

function round(seconds: number): string {
  return Math.round(seconds).toLocaleString('en')
}
