/** `docs/performance.md`: the meaning of the figures, and the report as it was measured. */
import { missedSection } from './missed.js'
import { reportText } from './report.js'
import type { Report } from './results.js'

/** The whole page. */
export function performancePage(report: Report): string {
  return `# Performance

This page and its plots are written by \`npm run bench -- --write\`. Every client runs as whole processes, in turn with
the others, after a warm-up; the figures are medians. Absolute figures move by half from one machine or hour to
the next: only ratios within one run say something.

*Floor* is a straight-line script (\`bench/floor.ts\`) that does only the unavoidable work: it fetches, calls
\`JSON.parse\`, and makes one native verification for each signature. It makes no other check and writes no file, and half of its
time is the start of Node. *CPU* is user and system time of a whole process, all threads, unless the table says otherwise.
The repository has PyPI's shape (PEP 458): \`bins\` of 3 MB, a snapshot of 0.5 MB, bins of 1,083 targets, Ed25519
everywhere. It is served from another process on loopback.

![Cost of a cold start against the number of bins, for each client](performance-bins.svg)

![Cost of a cold start against the number of targets in one role, for each client](performance-targets.svg)

*Physical floor* is a Rust program (\`bench/native/physical\`) that fetches the files over one raw socket, hashes each, looks at each byte once, verifies every
signature, and writes no metadata; a downloaded file it writes too. Bars named *goal* are not yet met everywhere.

## The bytes of PyPI in 2026

17 million files, by the number of bins; a row of \`bins\` takes 184 bytes, one of the snapshot 34. Bins are those of the benchmarks; PyPI's own
paths are longer, and a bin of 1,083 targets takes 272 KB.

| bins | targets in each | a bin | snapshot | prefixes of hashes | limits |
| ---: | ---: | ---: | ---: | ---: | --- |
| 16,384 | 1,083 | 225 KB | 0.5 MB | 3.0 MB | the defaults |
| 65,536 | 271 | 56 KB | 1.7 MB | 10.4 MB | the defaults |
| 262,144 | 68 | 14 KB | 8.9 MB | 49.8 MB | \`snapshotLength\`, \`targetsLength\` ([budgets](budgets.md)) |
| 262,144, succinct | 68 | 14 KB | 8.9 MB | none | \`snapshotLength\` |

[A separate page](performance-proxy.md) gives the cost of \`tuffet pypi run\` and \`serve\` for an installer.

## What was tried

CPU, each beside the other in one run.

- **Start.** \`--version\` in a CommonJS file of its own costs what \`node -e 0\` costs (9 ms more before). The whole command in CommonJS: 8 of 80 ms
  less, 95 KB more in the package; not done ([why](adr/0008-published-modules-are-joined-by-layer.md)). Numbers grouped without \`Intl\`: 13 ms less.
- **\`pypi check\`** of 1,000 entries over 981 bins makes two requests on a filled store and costs 1.4 times its floor, a script that only reads, hashes,
  parses and makes one verification for each bin. More than a third of that floor is the verification of 221 MB.
- **\`verify\`** of 1 GB costs 1.3 times \`openssl dgst\`; \`pypi verify\` of 1,000 wheels of 1 MB 2.0 times (2.5 before): fewer ways through the thread
  pool, and buffers that are used again. Pieces of 128 KB, 512 KB and 1 MB cost more than those of 256 KB. One file has one hash,
  so threads would save time, and no CPU.
- **Downloads.** Of 100 MiB, hashing takes 38 %, the socket and the file 16 % each. Node reads at most 64 KB from a socket at once; only \`onread\` of a
  bare socket changes that, and leaves the HTTP parser out. Small files: file handles and the asynchronous \`lstat\` and \`rename\` took 10 % of the
  time in JavaScript. Connections were kept alive before; a folder for the temporary files would cost a call and not save one.

${missedSection(report.bars)}

## The report

${reportText(report)}
`
}
