/** A section of `docs/performance.md`: the bars that a report misses, and the reasons, kept by hand. */
import { barsTable } from './report.js'
import type { Bar } from './results.js'

/** The whole section. */
export function missedSection(bars: readonly Bar[]): string {
  const missed = bars.filter(({ met }) => !met)
  const list =
    missed.length === 0
      ? 'The report below misses none.'
      : `Of the report below:\n\n${barsTable(missed)}`
  return `## Bars that are missed, why, and what was tried

${list}

${reasons}`
}

const reasons = `Milliseconds of CPU on Node 20, on a quiet machine with two cores, from profiles of November 2026; the machine of the report may
be slower. Each road that was tried was run in turn with the code before it, in 10 to 20 rounds.

### Cold and warm, beside the floor, Rust and the physical floor

A cold start with 16,384 bins takes 155 ms:

| part | ms |
| --- | --: |
| Node itself, an empty program | 55 |
| HTTP: the modules of Node for it, six requests, 3.8 MB | 25 |
| loading the modules of this package | 12 |
| the store: six files, those that must last with \`fsync\` | 10 |
| the two signatures over \`bins\` | 8.6 |
| the proof of all files by the scanner | 5 |
| the compilation of the scanner, and its first run | 3.4 |
| the collector, V8's compilers in other threads, the cycle itself | 36 |

Node and HTTP alone are four times the physical floor (20 ms), and two thirds of sigstore-tuf's whole run (122 ms). 0.65 of the floor would be 114
ms: after Node, HTTP, signatures and store 15 ms would be left for everything else. The prototype that promised it did neither locks, nor rollback,
nor expiry, and its bins were of 85 KB in place of 225.

| tried | result |
| --- | --- |
| the parts for Node in one file: nine files are loaded in place of fifteen | −4 to −6 %, done |
| BLAKE2b without noble's five modules ([ADR 34](adr/0034-blake2b-for-node.md)) | −3 to −5 %, done |
| both, measured together: cold 20 and 24, warm 20 and 24 | −7, −2, −7, −5 % |
| every module of a refresh in one prebuilt file | ±1 % beyond the above, not done |
| the same with short names and without white space | −3 to −6 %, not done: stack traces could not be read |
| Node's own modules by \`process.getBuiltinModule\` in place of \`import\` | ±1 %, done for \`node:http\` alone, which gains 9 % on Node 24 |
| the whole command in CommonJS | 8 of 80 ms, 95 KB more in the package, not done |
| no \`fsync\` at all | −2 to −4 %, not done: a crash would lose the floors |
| \`NODE_COMPILE_CACHE\`, flags of V8 | nothing for ES modules on Node 20 |
| a bare socket in place of \`node:http\` | 10 ms, not done: the HTTP parser would be our own |
| fewer signatures: one digest for both over \`bins\` | not possible: Ed25519 mixes each signature into what it hashes |

### Small repositories and go-tuf

With 1,024 bins or a dozen targets next to nothing is left but the start of Node and of its HTTP: an empty program takes longer than all of
go-tuf or sigstore-tuf (8 to 9 ms with a dozen targets). go-tuf is measured with succinct bins: it compares \`path_hash_prefixes\` with
another encoding of the digest, and finds nothing in a repository of PEP 458's shape.

### \`pypi check\` of 1,000 entries in 0.7 s

| part of 1.5 s | share |
| --- | --: |
| one Ed25519 signature over each of 981 bins, 221 MB | 20 % |
| the proof of the bins by the scanner | 11 % |
| reading bins and pages | 10 % |
| the collector | 7 % |
| the pages: JSON, file names, versions | 14 % |
| SHA-256 of pages and paths | 5 % |
| the start of the program, one refresh, cycles, searches, promises | 33 % |

A straight script that only reads, hashes, parses and verifies takes 1.07 s, so the bar is below what can be reached: it was set when bins were
of 85 KB. Neither a signature nor a digest is skipped because bytes are in the store.

### A refresh in a process that lives long

It makes two requests, one after the other. Of 1.7 ms two bare requests of \`node:http\` are 0.4 (in the report too), the files of the store, each
opened, looked at, read and compared, 0.2, the signature over the timestamp 0.1, the collector 0.1. The rest has no peak: checks of the answers,
promises and abort signals, no function over 2 %. On Node 24 all of it is half as long, and below the bar. The \`find\` reads the
stored bin of 225 KB, compares it with the one in memory, and judges it.

### The longest block of the event loop, cold

It is the judgement of \`bins\`, 3 MB, in one turn: the compilation of the scanner 3.4 ms, the scan 4, two signatures 8.6, the rest decoding, one
collection and the first run of each function. A pause between scan and signatures would need judgements that wait, which core does not have
([ADR 5](adr/0005-phases-and-the-cycle.md)). A page that must not wait takes \`WorkerUpdater\`: 50 ms are its bar for roles of 32 MB.

### Peak memory

An empty program takes 44 MB on Node 20, the modules 5. \`bins\` is in memory as it came from the socket, as one array, and
in the scanner, 3 to 5 MB each. 500 new bins are 112 MB, and V8 collects memory outside of its heap only after 64 MB more of it: with \`keptMetadata\` 0
the peak falls from 130 to 105 MB. The bar was set with bins of 85 KB, 42 MB in all.
`
