/** A picture as a web page: one file, without scripts, that requests nothing. */
import { verdictOf, type ChainPicture } from './chain.js'
import { drawChain } from './draw.js'
import { pictureStyle } from './style.js'
import { bounded, escaped } from './text.js'

const pageStyle = `
:root { color-scheme: light dark }
body { margin: 24px auto; padding: 0 16px; max-width: 760px; background: #fff }
@media (prefers-color-scheme: dark) { body { background: #0d1117 } }
.small { display: none }
@media (max-width: 791px) { .large { display: none } .small { display: block } }
svg { display: block; max-width: 100%; height: auto; margin: 0 auto }
`

/**
 * The picture of {@link drawChain} as an HTML page, drawn for large and for small screens. Its policy
 * (Content-Security-Policy) allows nothing but its own styles.
 *
 * @example
 * ```ts
 * import { Repository } from 'tuffet'
 * import { chainPage } from 'tuffet/picture'
 * import { writeFile } from 'node:fs/promises'
 *
 * async function save(repository: Repository): Promise<void> {
 *   await writeFile('chain.html', chainPage(await repository.explain('pkgs/a.whl')))
 * }
 * ```
 */
export function chainPage(picture: ChainPicture): string {
  const large = drawChain(picture, { width: 760, style: false })
  const small = drawChain(picture, { width: 328, style: false })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(bounded(verdictOf(picture)))}</title>
<style>${pictureStyle}${pageStyle}</style>
</head>
<body>
<main>
<div class="large">
${large}</div>
<div class="small">
${small}</div>
</main>
</body>
</html>
`
}
