/** The look of a picture: colours that follow the reader's system, and readable without colours. */

const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif'
const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace'

/**
 * The style sheet of every picture, for pages that draw with `style: false`: their policy may forbid
 * styles inside of the picture.
 *
 * @example
 * ```ts
 * import { drawChain, pictureStyle, type ChainPicture } from 'tuffet/picture'
 *
 * function show(place: Element, sheet: CSSStyleSheet, picture: ChainPicture): void {
 *   sheet.replaceSync(pictureStyle)
 *   place.innerHTML = drawChain(picture, { width: place.clientWidth, style: false })
 * }
 * ```
 */
export const pictureStyle: string = `.tuffet-chain {
--paper: #fff; --card: #f6f8fa; --ink: #1f2328; --dim: #59636e; --line: #d1d9e0;
--good: #1a7f37; --expired: #9a6700; --refused: #cf222e; --blush: #fff1f0;
font-family: ${sans}
}
@media (prefers-color-scheme: dark) { .tuffet-chain {
--paper: #0d1117; --card: #151b23; --ink: #e6edf3; --dim: #9198a1; --line: #3d444d;
--good: #3fb950; --expired: #d29922; --refused: #ff7b72; --blush: #25171c
} }
.tuffet-chain text { fill: var(--ink); white-space: pre }
.tuffet-chain .dim { fill: var(--dim) }
.tuffet-chain .mono { font-family: ${mono} }
.tuffet-chain .bold { font-weight: 600 }
.tuffet-chain .paper { fill: var(--paper) }
.tuffet-chain .card { fill: var(--card); stroke: var(--line) }
.tuffet-chain .rail { stroke: var(--line); stroke-width: 2 }
.tuffet-chain .disc { fill: var(--paper); stroke-width: 2; stroke: var(--line) }
.tuffet-chain .mark { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; stroke: var(--dim) }
.tuffet-chain .good > .disc, .tuffet-chain .mark.good { stroke: var(--good) }
.tuffet-chain .expired > .disc, .tuffet-chain .mark.expired { stroke: var(--expired) }
.tuffet-chain .refused > .disc, .tuffet-chain .mark.refused { stroke: var(--refused) }
.tuffet-chain .expired > .note { fill: var(--expired) }
.tuffet-chain .refused > .card { fill: var(--blush); stroke: var(--refused); stroke-width: 2 }
.tuffet-chain .refused > .note, .tuffet-chain .refused > .strong { fill: var(--refused) }
.tuffet-chain .open > .card { fill: none; stroke-dasharray: 4 4 }
.tuffet-chain .open > .title { fill: var(--dim) }
`
