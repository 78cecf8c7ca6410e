/**
 * Index pages in HTML (PEP 503, 592, 629, 714, 740, 792). Stricter than browsers are: a link that
 * is not a file's is left out, because its meaning is unknown.
 */
import type { DefaultTreeAdapterTypes } from 'parse5'
import { filenameOfUrl } from '../names/names.js'
import {
  type IndexFile,
  type IndexPage,
  type ParsePageOptions,
  type WritePageOptions,
  ownUrl,
  PageReader,
} from './index-page.js'

/** The media type of {@link writePageHtml}'s result. */
export const htmlPageType = 'application/vnd.pypi.simple.v1+html'

type Attributes = ReadonlyMap<string, string>

/** Elements beyond this number are not in any page: crossed tags can multiply in the parser. */
const mostElements = 500_000

/** The elements to read on a page, in its order. */
interface Elements {
  readonly links: readonly { readonly attributes: Attributes; readonly text: string }[]
  readonly meta: ReadonlyMap<string, string>
  readonly base: string | undefined
}

/**
 * Reads a page. The HTML parser is loaded by the first one.
 *
 * @throws IndexPageError for bytes that are not an index page, too long, of an unknown major
 *   version, or with links but no link to a file; NameUnsafeError for the name of the project
 *
 * @example
 * ```ts runs
 * import { parsePageHtml } from 'tuffet/pypi'
 *
 * const text = `<a href="a-1.0.tar.gz#sha256=${'0'.repeat(64)}">a-1.0.tar.gz</a>`
 * const html = new TextEncoder().encode(text)
 * const page = await parsePageHtml(html, { project: 'a', baseUrl: 'https://index.example.com/a/' })
 * page.files[0]?.filename // 'a-1.0.tar.gz'
 * ```
 */
export async function parsePageHtml(
  bytes: Uint8Array,
  options: ParsePageOptions,
): Promise<IndexPage> {
  const reader = new PageReader(bytes, options)
  if (!/^\uFEFF?\s*</.test(reader.text)) throw reader.refusal('', 'it is not HTML')
  const { links, meta, base } = await parseElements(reader)
  const apiVersion = meta.get('pypi:repository-version')
  if (apiVersion === undefined && links.length === 0) {
    throw reader.refusal('', 'it contains neither files nor pypi:repository-version')
  }
  if (base !== undefined) reader.baseUrl = reader.url(base, 'base').href
  const files = links.flatMap(({ attributes, text }, index) => {
    const read = (): IndexFile => parseFile(reader, attributes, text, `a[${index}]`)
    return reader.attempt('file', text.trim(), read) ?? []
  })
  const [odd] = reader.leftOut
  if (apiVersion === undefined && files.length === 0 && odd)
    throw reader.refusal(odd.path, odd.reason)
  const status = meta.get('pypi:project-status')
  const reason = meta.get('pypi:project-status-reason')
  return {
    // PEP 629: without a version it is 1.0.
    apiVersion: reader.apiVersion(apiVersion ?? '1.0', 'meta.pypi:repository-version'),
    project: reader.project,
    files,
    ...(reader.leftOut.length > 0 && { leftOut: reader.leftOut }),
    ...(status !== undefined && {
      projectStatus: { status, ...(reason !== undefined && { reason }) },
    }),
  }
}

/**
 * The page as HTML. Fields that HTML cannot express (sizes, times, unknown fields) are left out.
 *
 * @example
 * ```ts runs
 * import { writePageHtml } from 'tuffet/pypi'
 *
 * const hashes = new Map([['sha256', '0'.repeat(64)]])
 * const filename = 'a-1.0.tar.gz'
 * const files = [{ filename, url: `https://files.example.com/${filename}`, hashes }]
 * const html = writePageHtml({ apiVersion: '1.0', project: 'a', files })
 * ```
 */
export function writePageHtml(page: IndexPage, options: WritePageOptions = {}): string {
  const { apiVersion, project, files, projectStatus } = page
  const { fileUrl = ownUrl } = options
  const title = `Links for ${project}`
  const lines = [
    '<!DOCTYPE html>',
    '<html>',
    '<head>',
    tag('meta', { name: 'pypi:repository-version', content: apiVersion }),
    ...(projectStatus
      ? [
          tag('meta', { name: 'pypi:project-status', content: projectStatus.status }),
          ...(projectStatus.reason === undefined
            ? []
            : [tag('meta', { name: 'pypi:project-status-reason', content: projectStatus.reason })]),
        ]
      : []),
    `<title>${escape(title)}</title>`,
    '</head>',
    '<body>',
    `<h1>${escape(title)}</h1>`,
    ...files.map((file) => `${link(file, fileUrl(file))}${escape(file.filename)}</a><br>`),
    '</body>',
    '</html>',
  ]
  return `${lines.join('\n')}\n`
}

function parseFile(
  reader: PageReader,
  attributes: Attributes,
  text: string,
  path: string,
): IndexFile {
  const url = reader.url(attributes.get('href') ?? '', `${path}.href`)
  const filename = filenameOfUrl(url.href)
  // PEP 503: the text is the last part of the URL. Clients differ in which of them they use.
  if (filename === undefined || filename !== text.trim()) {
    throw reader.refusal(path, `${JSON.stringify(text.trim().slice(0, 200))} is not the URL's file`)
  }
  const hashes = parseFragment(reader, url.hash.slice(1), `${path}.href`)
  url.hash = ''
  const metadata = attributes.get('data-core-metadata') ?? attributes.get('data-dist-info-metadata')
  const requiresPython = attributes.get('data-requires-python')
  const yanked = attributes.get('data-yanked')
  const provenance = reader.attempt('provenance', filename, () => {
    const address = attributes.get('data-provenance')
    return address === undefined ? undefined : reader.url(address, `${path}.data-provenance`).href
  })
  const coreMetadata = reader.attempt('core-metadata', filename, () =>
    metadata === undefined
      ? undefined
      : parseMetadata(reader, metadata, `${path}.data-core-metadata`),
  )
  return {
    filename,
    url: url.href,
    hashes,
    ...(requiresPython !== undefined && { requiresPython }),
    ...(coreMetadata !== undefined && { coreMetadata }),
    // PEP 592: being there is enough.
    ...(yanked !== undefined && { yanked: yanked === '' || yanked }),
    ...(provenance !== undefined && { provenance }),
  }
}

/** `sha256=HEX`, also among other parameters such as `egg=name`, which are ignored. */
function parseFragment(reader: PageReader, fragment: string, path: string): Map<string, string> {
  const hashes = new Map<string, string>()
  for (const part of fragment.split('&')) {
    const [, name, digest] = /^((?:sha|blake|md)[a-z0-9_-]*)=(.*)$/is.exec(part) ?? []
    if (name === undefined || digest === undefined) continue
    hashes.set(...reader.hash(name, digest, path))
  }
  return hashes
}

function parseMetadata(
  reader: PageReader,
  value: string,
  path: string,
): boolean | ReadonlyMap<string, string> {
  if (value === 'true' || value === 'false') return value === 'true'
  const hashes = parseFragment(reader, value, path)
  if (hashes.size === 0) throw reader.refusal(path, 'it is neither true, false nor a hash')
  return hashes
}

async function parseElements(reader: PageReader): Promise<Elements> {
  const { defaultTreeAdapter, parse } = await import('parse5')
  let made = 0
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    createElement(...element) {
      made += 1
      if (made > mostElements) throw reader.refusal('', `more than ${mostElements} elements`)
      return defaultTreeAdapter.createElement(...element)
    },
  }
  const document = parse(reader.text, { treeAdapter, scriptingEnabled: false })
  const links = []
  const meta = new Map<string, string>()
  let base: string | undefined
  for (const node of preorder(document)) {
    if (!('tagName' in node)) continue
    const attributes = new Map(node.attrs.map(({ name, value }) => [name, value]))
    const [name, content] = [attributes.get('name'), attributes.get('content')]
    if (isLink(node)) {
      const inner = [...preorder(node)]
      // Nested links would read the same text again and again.
      if (inner.some(isLink)) throw reader.refusal(`a[${links.length}]`, 'it contains a link')
      links.push({ attributes, text: textOf(inner) })
    } else if (node.tagName === 'base') {
      base ??= attributes.get('href')
    } else if (node.tagName === 'meta' && name !== undefined && content !== undefined) {
      if (!meta.has(name)) meta.set(name, content)
    }
  }
  return { links, meta, base }
}

type Node = DefaultTreeAdapterTypes.Node

function isLink(node: Node): boolean {
  return 'tagName' in node && node.tagName === 'a' && node.attrs.some(({ name }) => name === 'href')
}

function textOf(nodes: readonly Node[]): string {
  return nodes.map((node) => ('value' in node ? node.value : '')).join('')
}

/** Every node below one, without recursion: HTML does not limit nesting. */
function* preorder(parent: DefaultTreeAdapterTypes.ParentNode): Generator<Node> {
  const waiting: Node[] = parent.childNodes.toReversed()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node
    if (!('childNodes' in node)) continue
    for (const child of node.childNodes.toReversed()) waiting.push(child)
  }
}

function link(file: IndexFile, url: string): string {
  const { hashes, requiresPython, coreMetadata, yanked, provenance } = file
  const metadata = typeof coreMetadata === 'object' ? hashText(coreMetadata) || 'true' : 'true'
  const stated = coreMetadata === undefined || coreMetadata === false ? undefined : metadata
  const fragment = hashText(hashes)
  return tag('a', {
    href: fragment === '' ? url : `${url}#${fragment}`,
    'data-requires-python': requiresPython,
    'data-core-metadata': stated,
    // For clients that are older than PEP 714.
    'data-dist-info-metadata': stated,
    'data-yanked': yanked === true ? '' : yanked === false ? undefined : yanked,
    'data-provenance': provenance,
  })
}

/** HTML can express one hash: SHA-256, or the first of the others. */
function hashText(hashes: ReadonlyMap<string, string>): string {
  const [first] = hashes
  const sha256 = hashes.get('sha256')
  if (sha256 !== undefined) return `sha256=${sha256}`
  return first === undefined ? '' : first.join('=')
}

function tag(name: string, attributes: Readonly<Record<string, string | undefined>>): string {
  const written = Object.entries(attributes).flatMap(([attribute, value]) =>
    value === undefined ? [] : [` ${attribute}="${escape(value)}"`],
  )
  return `<${name}${written.join('')}>`
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
