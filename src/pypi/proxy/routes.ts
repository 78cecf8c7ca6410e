/**
 * The paths of the proxy. Every page is verified, and links to files of the proxy alone:
 *
 * | path | |
 * |---|---|
 * | `/simple/` | the projects, where they can be known |
 * | `/simple/<project>/` | the index page |
 * | `/files/<project>/<filename>` | a file of it |
 * | `/files/<project>/<filename>.metadata` | its core metadata (PEP 658) |
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { noPage } from '../layouts.js'
import { isPlainFilename, tryNormalizeName } from '../names/names.js'
import type { IndexFile, IndexPage } from '../pages/index-page.js'
import { writePageHtml } from '../pages/page-html.js'
import { writePageJson } from '../pages/page-json.js'
import type { Verdict, VouchedFile } from '../verdict/verdict.js'
import type { PypiView } from '../view.js'
import type { CurrentView } from './current-view.js'
import { negotiatePage, type PageForm } from './negotiate.js'
import { offeredPage } from './offered-page.js'
import { listProjects, writeProjectList } from './project-list.js'
import { Refused } from './refusal.js'
import { sendFile } from './send-file.js'
import type { Spool, SpoolSource } from './spool.js'
import type { SpooledFile } from './spooled-file.js'

/** One request, and its response. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Aborts when the client stops waiting for the answer. */
  readonly signal: AbortSignal
}

/** The input of answers. */
export interface RouteContext {
  readonly views: CurrentView
  /** Files that are verified, or on their way to it. */
  readonly spool: Spool
  /** The part of URLs before every path; `admit` has taken it off requests. */
  readonly prefix: string
  /** Receives the names of the files that a page is sent without. */
  readonly onLeftOut: (project: string, filenames: readonly string[]) => void
}

const statuses: Readonly<Record<Exclude<Verdict, 'match' | 'failed'>, number>> = {
  unknown: 404,
  mismatch: 403,
  'not-covered': 403,
  'no-hash': 403,
  signed: 403,
  'no-attestation': 403,
  'cannot-be-judged': 403,
}

/**
 * Answers a GET or HEAD.
 *
 * @throws Refused, and everything that a view throws
 */
export async function answer(context: RouteContext, exchange: Exchange): Promise<void> {
  const [area, name, filename, ...more] = segmentsOf(exchange.request.url ?? '')
  if (more.length === 0 && area === 'simple') {
    if (name === undefined) {
      redirect(exchange, `${context.prefix}/simple/`)
      return
    }
    if (name === '' && filename === undefined) return answerList(context, exchange)
    if (filename === undefined || filename === '') {
      return answerPage(context, exchange, name, filename === '')
    }
  }
  if (more.length === 0 && area === 'files' && name !== undefined && filename !== undefined) {
    return answerFile(context, exchange, name, filename)
  }
  throw new Refused(404, 'there is nothing here; the index is at /simple/')
}

/** Whether a request is one for a page: installers show refusals of pages in another way. */
export function asksForPage({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/simple/')
}

async function answerList({ views }: RouteContext, exchange: Exchange): Promise<void> {
  const form = formOf(exchange)
  const projects = await views.ask(
    async ({ repository, view }) => listProjects(repository, view.layout),
    exchange.signal,
  )
  if (!projects) throw new Refused(501, 'this repository does not list its projects')
  sendText(exchange, form, writeProjectList(projects, form))
}

async function answerPage(
  { views, prefix, onLeftOut }: RouteContext,
  exchange: Exchange,
  name: string,
  complete: boolean,
): Promise<void> {
  const project = tryNormalizeName(name)
  if (project === undefined) throw new Refused(404, 'it is not the name of a project')
  if (name !== project || !complete) {
    redirect(exchange, `${prefix}/simple/${project}/`)
    return
  }
  const form = formOf(exchange)
  const page = await views.ask(async ({ view }) => {
    if (view.layout.pages(project).length > 0) {
      const found = await view.project(project, { signal: exchange.signal })
      if (found) return found
      throw new Refused(404, noPage(view.layout, project))
    }
    throw new Refused(501, noPage(view.layout, project))
  }, exchange.signal)
  const offered = offeredPage(page)
  if (offered.leftOut.length > 0) onLeftOut(project, offered.leftOut)
  sendText(exchange, form, write(offered.page, form))
}

/** Relative URLs: a program in front of the proxy may give it another name. */
function write(page: IndexPage, { form }: PageForm): string {
  const options = {
    fileUrl: ({ filename }: IndexFile) =>
      `../../files/${page.project}/${encodeURIComponent(filename)}`,
  }
  return form === 'json' ? writePageJson(page, options) : writePageHtml(page, options)
}

/**
 * The client may leave: once the download began, the verdict is reached all the same. A download can outlast its view: then
 * the file is sent when the next one vouches for it too.
 */
async function answerFile(
  { views, spool }: RouteContext,
  { request, response, signal: gone }: Exchange,
  name: string,
  filename: string,
): Promise<void> {
  const project = tryNormalizeName(name)
  if (project !== name || !isPlainFilename(filename)) {
    throw new Refused(404, 'it is not the name of a file of a project')
  }
  const { signal } = spool
  const find = (): Promise<{ view: PypiView; vouched: VouchedFile }> =>
    views.ask(async ({ view }) => {
      const found = await view.find(filename, { project, signal })
      if (found.vouched) return { view, vouched: found.vouched }
      throw new Refused(statuses[found.verdict], `${filename}: ${found.reason}`)
    }, signal)
  const { view, vouched } = await find()
  const key = keyOf(vouched)
  const { length } = vouched
  const source: SpoolSource = {
    key,
    filename,
    length,
    download: (options) => view.stream(vouched, options),
  }
  const send = async (file: SpooledFile): Promise<void> => {
    const latest = views.isCurrent(view) ? vouched : (await find()).vouched
    if (keyOf(latest) !== key) {
      throw new Refused(403, `${filename}: another file took its place while it arrived`)
    }
    // The spool may have it from before this verdict.
    await latest.attestation?.keep?.()
    await sendFile(request, response, file, key)
  }
  await spool.use(source, send, gone)
}

/** Files with the same name, length and hashes are one file. */
function keyOf({ filename, length, hashes }: VouchedFile): string {
  return JSON.stringify([filename, length, [...hashes].sort()])
}

function formOf({ request, response }: Exchange): PageForm {
  response.setHeader('vary', 'Accept')
  const form = negotiatePage(request.headers.accept)
  if (!form) throw new Refused(406, 'index pages are JSON (PEP 691) or HTML')
  return form
}

function sendText({ request, response }: Exchange, { contentType }: PageForm, text: string): void {
  response.setHeader('content-type', contentType)
  response.setHeader('content-length', Buffer.byteLength(text))
  response.end(request.method === 'HEAD' ? undefined : text)
}

function redirect({ response }: Exchange, path: string): void {
  response.writeHead(301, { location: path, 'content-length': 0 }).end()
}

/** Each decoded by itself: `%2F` is not a separator, and then the segment is not a name either. */
function segmentsOf(url: string): string[] {
  const [path = ''] = url.split('?')
  try {
    return path.split('/').slice(1).map(decodeURIComponent)
  } catch (error) {
    throw new Refused(400, 'the path is not percent-encoded', { cause: error })
  }
}
