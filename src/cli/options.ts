/** Every option of every command; a command says which of them it takes. */

/** An option, as `parseArgs` takes it, and as the help shows it. */
export interface OptionDeclaration {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** The placeholder for the value in the help. */
  readonly value?: string
  readonly about: string
  /** Whether it can be given several times. */
  readonly multiple?: boolean
}

/** The table; types, help, parser and completions are made from it. */
export const declarations = {
  'metadata-url': { type: 'string', value: 'URL', about: 'where timestamp.json is' },
  'targets-url': { type: 'string', value: 'URL', about: 'where target files are' },
  root: {
    type: 'string',
    value: 'FILE',
    about: 'the root to start from; default: the one of init',
  },
  store: { type: 'string', value: 'DIR', about: 'the folder that keeps the trusted metadata' },
  config: {
    type: 'string',
    value: 'FILE',
    about: 'settings; default: tuffet.json, if it is there',
  },
  'hash-prefix': {
    type: 'boolean',
    about:
      'ask for targets as DIGEST.name (or --no-…); default: as root says, plain names in the layout rstuf',
  },
  retries: {
    type: 'string',
    value: 'COUNT',
    about: 'how often a request that failed is repeated; default: 2',
  },
  header: {
    type: 'string',
    value: 'NAME:VALUE',
    about: 'sent to the origin of the metadata URL alone; may be repeated',
    multiple: true,
  },
  limit: {
    type: 'string',
    value: 'NAME=NUMBER',
    about: 'a limit of the client, such as snapshotLength=16000000; may be repeated',
    multiple: true,
  },
  attested: {
    type: 'boolean',
    about: 'judge files by their attestations; without --metadata-url those of PyPI',
  },
  attestations: {
    type: 'string',
    value: 'REQUIREMENT',
    about: 'of which files a valid one is required: all, pinned or report; default: pinned',
  },
  'index-url': {
    type: 'string',
    value: 'URL',
    about: 'with --attested: an index without signatures; default: PyPI',
  },
  'trusted-root': {
    type: 'string',
    value: 'FILE',
    about: 'with --attested: trusted_root.json; default: the one of Sigstore, by its repository',
  },
  bundle: {
    type: 'string',
    value: 'DIR',
    about: 'pages and attestations from what tuffet pypi bundle wrote, without a network',
  },
  asc: { type: 'boolean', about: 'require a good FILE.asc or FILE.sig beside each file, too' },
  signature: { type: 'string', value: 'FILE', about: 'with --asc and one file: its signature' },
  keyring: {
    type: 'string',
    value: 'PATH',
    about: 'with --asc: the target with the keys; default: keyrings/{project}.gpg',
  },
  publishers: {
    type: 'boolean',
    about: 'forget the publishers of projects (all without PROJECT), and nothing else',
  },
  write: { type: 'boolean', about: 'add the publishers of projects without a pin to tuffet.json' },
  format: { type: 'string', value: 'FORMAT', about: 'pylock: the tables for pylock.toml' },
  from: { type: 'string', value: 'DIR|URL', about: 'a mirror or store to ask first; not believed' },
  offline: { type: 'boolean', about: 'make no request; run every check on the stored files' },
  cached: { type: 'boolean', about: 'make no request until a stored file expires' },
  now: { type: 'string', value: 'DATE', about: 'judge expiry at this time' },
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    about: 'the file to write; - is standard output',
  },
  folder: {
    type: 'string',
    value: 'DIR',
    about: 'the folder to write to',
  },
  all: { type: 'boolean', about: 'every target that the repository lists' },
  lock: {
    type: 'string',
    value: 'FILE',
    about: 'a lock file: its files, with the pages of their projects; may be repeated',
    multiple: true,
  },
  list: {
    type: 'string',
    value: 'FILE',
    about: 'a file with a path or a pattern on each line; may be repeated',
    multiple: true,
  },
  partial: {
    type: 'boolean',
    about: 'only the roles that lead to the chosen files: a question about others is an error',
  },
  grace: {
    type: 'string',
    value: 'HOURS',
    about: 'how long a file stays after it left the snapshot; default: 24',
  },
  rehash: { type: 'boolean', about: 'read and hash the files of earlier runs again' },
  'mirror-bytes': {
    type: 'string',
    value: 'BYTES',
    about: 'how much the chosen files may have in all; default: 100000000000',
  },
  'mirror-files': {
    type: 'string',
    value: 'NUMBER',
    about: 'how many files a pattern or --all may choose; default: 1000000',
  },
  'metadata-bytes': {
    type: 'string',
    value: 'BYTES',
    about: 'how much metadata is read in all; default: 20000000000',
  },
  svg: { type: 'string', value: 'FILE', about: 'the chain as a picture, in this file' },
  html: { type: 'string', value: 'FILE', about: 'the same as a web page that needs no network' },
  replace: { type: 'boolean', about: 'start from another root than the one in the store' },
  days: {
    type: 'string',
    value: '[ROLE=]DAYS',
    about: 'report what expires within so many days; default: 14; may be repeated',
    multiple: true,
  },
  sample: {
    type: 'string',
    value: 'COUNT',
    about: 'read and verify so many target files, and ask for no other',
  },
  seed: { type: 'string', value: 'TEXT', about: 'chooses the sample; default: tuffet' },
  'fail-on': {
    type: 'string',
    value: 'SEVERITY',
    about: 'the least that makes the status 1: error, warning or notice; default: warning',
  },
  accept: {
    type: 'string',
    value: 'KIND',
    about: 'a kind of finding that leaves the status 0; may be repeated',
    multiple: true,
  },
  prometheus: { type: 'boolean', about: 'print gauges for Prometheus' },
  client: { type: 'string', value: 'COMMAND', about: 'the program to test; default: tuffet' },
  filter: {
    type: 'string',
    value: 'TEXT',
    about: 'only vectors with it in their id, family, tags or requirements',
  },
  profile: {
    type: 'string',
    value: 'LIST',
    about: 'only spec, tap4, tap12, tap15, tap21 or tuffet; or several',
  },
  'known-failures': {
    type: 'string',
    value: 'FILE',
    about: 'the vectors that are expected to fail, an id on each line',
  },
  'write-known-failures': {
    type: 'boolean',
    about: 'write that file with the vectors that fail now',
  },
  layout: {
    type: 'string',
    value: 'NAME',
    about: 'which files are targets: pages, pages-and-files, or rstuf',
  },
  page: { type: 'string', value: 'TEMPLATE', about: 'path of a page, such as simple/{project}' },
  'page-url': { type: 'string', value: 'TEMPLATE', about: 'whole URL of a page' },
  'page-base-url': {
    type: 'string',
    value: 'TEMPLATE',
    about: 'the base of relative URLs on a page; default: its own URL',
  },
  'page-form': {
    type: 'string',
    value: 'FORM',
    about: 'json or html; default: by its first bytes',
  },
  'page-hash-prefix': { type: 'boolean', about: 'pages are DIGEST.name (or --no-…)' },
  file: { type: 'string', value: 'TEMPLATE', about: 'path of a file: {blake2b_path}/{filename}' },
  'file-url': { type: 'string', value: 'TEMPLATE', about: 'whole URL of a file' },
  'file-hash-prefix': { type: 'boolean', about: 'files are DIGEST.name (or --no-…)' },
  requirement: {
    type: 'string',
    short: 'r',
    value: 'FILE',
    about: 'a file with a NAME==VERSION on each line',
    multiple: true,
  },
  include: {
    type: 'string',
    value: 'URL=FILE',
    about: 'a local copy of a URL that -r or -c includes, which is not fetched; may be repeated',
    multiple: true,
  },
  rstuf: { type: 'string', value: 'URL', about: 'the API of RSTUF, without /api/v1' },
  fetch: {
    type: 'boolean',
    about: 'fetch files for which the repository lists another kind of hash, and compute it',
  },
  port: {
    type: 'string',
    value: 'PORT',
    about: 'the port to listen on; default: any free port',
  },
  listen: {
    type: 'string',
    value: 'ADDRESS',
    about: 'the address to listen on; default: 127.0.0.1',
  },
  'allow-remote': { type: 'boolean', about: 'let --listen be an address that others reach' },
  hostname: {
    type: 'string',
    value: 'NAME',
    about: 'a name by which clients call the proxy; may be repeated',
    multiple: true,
  },
  token: {
    type: 'boolean',
    about: 'put a random token into the URL, so that no other user of the machine can read',
  },
  interval: {
    type: 'string',
    value: 'SECONDS',
    about: 'the greatest age of the view of the repository; default: 300',
  },
  'spool-folder': {
    type: 'string',
    value: 'DIR',
    about: 'where large files wait until they are verified; default: as TMPDIR says',
  },
  'spool-bytes': {
    type: 'string',
    value: 'BYTES',
    about: 'how much disk space they may take; default: 10000000000',
  },
  'unsized-bytes': {
    type: 'string',
    value: 'BYTES',
    about: 'the longest file whose page states no length; default: 2000000000',
  },
  'allow-unverified': {
    type: 'string',
    value: 'NAME',
    about: 'let this project come from a URL, a version control system or a path; may be repeated',
    multiple: true,
  },
  json: { type: 'boolean', about: 'one JSON object on standard output, whatever happens' },
  verbose: { type: 'boolean', about: 'requests, decisions and writes on standard error' },
  help: { type: 'boolean', short: 'h', about: 'this text' },
  version: { type: 'boolean', short: 'V', about: 'the version of tuffet' },
} as const

/** The name of an option, without its dashes. */
export type OptionName = keyof typeof declarations

/** The given values, by name. */
export type OptionValues = { readonly [N in OptionName]?: ValueOf<(typeof declarations)[N]> }

type ValueOf<D extends OptionDeclaration> = D['type'] extends 'boolean'
  ? boolean
  : D['multiple'] extends true
    ? readonly string[]
    : string
