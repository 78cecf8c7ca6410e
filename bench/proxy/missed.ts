/** The end of `docs/performance-proxy.md`: why new files come slower than the goal. Kept by hand. */

export const whyNotHalf = `### Why not half of the upstream's rate

Figures of one run in November 2026, Node 20 on two cores, while other programs ran too: 1,500 files, 200 clients. \`relay.ts\` is a
server of thirty lines that makes each request one to the upstream, and verifies and keeps nothing.

| | of the upstream, page and file | file alone | CPU of its process, ms: page and file | file alone |
| --- | --: | --: | --: | --: |
| relay | 0.41 | 0.38 | 0.81 | 0.53 |
| proxy, new files | 0.19 | 0.19 | 2.22 | 1.97 |
| proxy, from memory | 0.44 | 0.66 | 0.36 | 0.25 |

The relay misses the goal already: a program in the middle answers a request and makes one, in one thread, on cores that clients and
upstream use too. For a file alone the proxy needs the page as well, which the relay does not.

| part of the proxy's main thread, new files with their pages | share |
| --- | --: |
| writing to sockets: two requests to the upstream and two answers, in the system | 34 % |
| HTTP, streams and events of Node, the start of the program | 29 % |
| this package: limits and retries around requests, searches, pages, verdicts, spool | 26 % |
| the collector | 9 % |
| SHA-256 of page and file | 2 % |

A new file costs one request for its page and one for itself; the 16 hash bins are in memory after the first pages. Without a line of
this package the rate would be a third higher: 0.25.

| tried or weighed | result |
| --- | --- |
| undici in place of \`node:http\` for requests, in the relay | 10 to 19 % more CPU, not done |
| fewer checks of limits for small files | not done: a server could hold a client for ever with small files too |
| sending bytes before their verdict | not done: no client may receive a byte of a file that is refused |
| several processes | not done: on two cores they would take turns, and each would verify a page that another has |
`
