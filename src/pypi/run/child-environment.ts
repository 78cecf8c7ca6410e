/**
 * The environment of an installer that must ask only the proxy. Rules:
 * - a variable of pip or uv stays when it is known to be harmless, or names files with
 *   requirements, which are looked at; all others go;
 * - uv waits as long as the proxy needs to verify a file;
 * - configuration files and caches are not read;
 * - every host, this machine's loopback included, is reached through a proxy that does not connect
 *   to others: NO_PROXY stays empty, because pip takes its entries as endings of any host name.
 *   With REQUEST_METHOD, as in CGI, some clients ignore the proxy of the environment;
 * - version control systems that a dependency can name use settings of their own, which are
 *   removed;
 * - a relative entry in a path never loads a program or a module from the current folder.
 */
import { devNull } from 'node:os'
import { delimiter, isAbsolute } from 'node:path'
import { pipOptions } from './pip-options.js'

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Variables of uv that say how, not from where. */
const harmlessForUv: ReadonlySet<string> = new Set(
  `UV_BREAK_SYSTEM_PACKAGES UV_COMPILE_BYTECODE UV_CONCURRENT_BUILDS UV_CONCURRENT_DOWNLOADS
   UV_CONCURRENT_INSTALLS UV_CUSTOM_COMPILE_COMMAND UV_EXCLUDE_NEWER
   UV_FORK_STRATEGY UV_HTTP_TIMEOUT UV_INDEX_STRATEGY UV_LINK_MODE UV_MANAGED_PYTHON
   UV_NO_BINARY UV_NO_BINARY_PACKAGE UV_NO_BUILD UV_NO_BUILD_ISOLATION UV_NO_BUILD_PACKAGE
   UV_NO_MANAGED_PYTHON UV_NO_PROGRESS UV_ONLY_BINARY UV_PRERELEASE UV_PYTHON
   UV_REQUIRE_HASHES UV_RESOLUTION UV_SYSTEM_PYTHON`.split(/\s+/),
)

/** Variables of uv that name files with requirements. */
const filesForUv: ReadonlySet<string> = new Set([
  'UV_BUILD_CONSTRAINT',
  'UV_CONSTRAINT',
  'UV_EXCLUDE',
  'UV_OVERRIDE',
])

/**
 * Variables that keep Git, Mercurial, Subversion and Bazaar off the network. Git needs several,
 * because releases differ in the ones they know.
 */
const versionControl: Readonly<Record<string, string>> = {
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_SYSTEM: devNull,
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_COUNT: '0',
  GIT_SSH_COMMAND: 'false',
  GIT_TERMINAL_PROMPT: '0',
  HGRCPATH: '',
  SVN_SSH: 'false',
  BZR_SSH: 'none',
  BRZ_SSH: 'none',
}

/** Seconds. The proxy itself ends a download that is too slow. */
const longestWait = 86_400

/**
 * The treatment of a variable: it stays, is removed, or stays if the files it names are allowed.
 */
export function variableUse(name: string): 'keep' | 'drop' | 'file' | 'requirement' {
  const upper = name.toUpperCase()
  if (upper.startsWith('PIP_')) {
    const option = `--${upper.slice(4).toLowerCase().replaceAll('_', '-')}`
    const use = pipOptions.get(option)?.use ?? 'refused'
    return use === 'harmless' ? 'keep' : use === 'refused' ? 'drop' : use
  }
  if (upper.startsWith('UV_')) {
    return harmlessForUv.has(upper) ? 'keep' : filesForUv.has(upper) ? 'file' : 'drop'
  }
  return /^(?:https?|all|ftp|no)_proxy$/i.test(name) ? 'drop' : 'keep'
}

/**
 * @param proxy the installer's only index
 * @param isolated false: the installer may reach other hosts, in the way that it was set up for
 */
export function childEnvironment(
  environment: Environment,
  proxy: { readonly origin: string; readonly indexUrl: string },
  isolated: boolean,
): Record<string, string> {
  const child: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    const route = !isolated && /^(?:https?|all|ftp|no)_proxy$/i.test(name)
    if (isolated && /^GIT_|^REQUEST_METHOD$/i.test(name)) continue
    if (value !== undefined && (route || variableUse(name) !== 'drop')) child[name] = value
  }
  const patience = Number(environment['UV_HTTP_TIMEOUT'] ?? 0)
  const own: Record<string, string> = {
    PIP_INDEX_URL: proxy.indexUrl,
    PIP_CONFIG_FILE: devNull,
    PIP_NO_CACHE_DIR: '1',
    // It would ask for pip itself, which may be missing in the index.
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    UV_DEFAULT_INDEX: proxy.indexUrl,
    // For uv before 0.4.23.
    UV_INDEX_URL: proxy.indexUrl,
    UV_NO_CONFIG: '1',
    UV_NO_CACHE: '1',
    UV_NO_SOURCES: '1',
    UV_HTTP_TIMEOUT: String(patience > longestWait ? patience : longestWait),
    // An interpreter would come from elsewhere.
    UV_PYTHON_DOWNLOADS: 'never',
  }
  if (!isolated) {
    // The installer reaches other hosts through the user's proxy, which does not lead to the index.
    const direct = new URL(proxy.origin).hostname
    for (const name of ['no_proxy', 'NO_PROXY']) {
      own[name] = [direct, ...(environment[name]?.split(',') ?? [])].join(',')
    }
  }
  if (isolated) {
    Object.assign(own, versionControl)
    for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'ftp_proxy']) {
      own[name] = proxy.origin
      own[name.toUpperCase()] = proxy.origin
    }
  }
  for (const [name, value] of Object.entries(child)) {
    if (!/^(?:PYTHON)?PATH$/i.test(name)) continue
    const entries = absoluteEntries(value)
    if (entries === '') delete child[name]
    else child[name] = entries
  }
  return { ...child, ...own }
}

/** An empty entry is the current folder, and so is a path without entries. */
function absoluteEntries(path: string): string {
  return path
    .split(delimiter)
    .filter((entry) => isAbsolute(entry))
    .join(delimiter)
}
