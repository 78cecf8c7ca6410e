/**
 * Settings of a proxy in the environment, and whom curl, pip and tuffet then ask. `PROXY` stands for
 * the address of a proxy that runs, `DEAD` for one where nothing listens, `PORT` for the port of a
 * server on this machine.
 */

/** Whom a program asked: the server itself, the proxy (and as which user), or nobody. */
export type Asked = 'server' | 'proxy' | `proxy as ${string}` | 'nobody'

export interface ProxySetting {
  readonly env: Readonly<Record<string, string>>
  readonly url: string
  readonly tuffet: Asked
  /** Default: as tuffet. */
  readonly curl?: Asked
  /** Default: as tuffet. */
  readonly pip?: Asked
  /** Of pip 20.3.4. Default: as `pip`. */
  readonly oldPip?: Asked
}

/** Rows that belong together. */
export interface ProxySettings {
  /** As in the table of docs/compatibility.md, where a program differs from tuffet. */
  readonly topic: string
  readonly rows: readonly ProxySetting[]
}

const name = 'http://tuf.invalid/'
const below = 'http://a.tuf.invalid/'
const local = 'http://127.0.0.1:PORT/'
const local6 = 'http://[::1]:PORT/'
const secure = 'https://tuf.invalid/'
const http_proxy = 'http://PROXY'

const byProxy = { tuffet: 'proxy' } as const
const itself = { tuffet: 'server' } as const

export const proxySettings: readonly ProxySettings[] = [
  {
    topic: 'the URL of a proxy',
    rows: [
      { env: { http_proxy }, url: name, ...byProxy },
      { env: { http_proxy }, url: secure, ...itself },
      { env: { https_proxy: http_proxy }, url: secure, ...byProxy },
      { env: { https_proxy: http_proxy }, url: name, ...itself },
      { env: { all_proxy: http_proxy }, url: name, ...byProxy },
      { env: { http_proxy, ALL_PROXY: 'http://DEAD' }, url: name, ...byProxy },
      { env: { http_proxy, HTTP_PROXY: 'http://DEAD' }, url: name, ...byProxy },
      { env: { http_proxy: '' }, url: name, ...itself },
      { env: { http_proxy: '', ALL_PROXY: http_proxy }, url: name, ...byProxy },
      { env: { http_proxy: 'http://u:p%40ss@PROXY' }, url: name, tuffet: 'proxy as u:p@ss' },
      { env: { http_proxy: 'socks5://PROXY' }, url: local, tuffet: 'nobody' },
      { env: { http_proxy: 'ftp://PROXY' }, url: local, tuffet: 'nobody' },
    ],
  },
  {
    topic: '`HTTP_PROXY` in capitals',
    rows: [
      { env: { HTTP_PROXY: http_proxy }, url: name, ...byProxy, curl: 'server' },
      { env: { HTTPS_PROXY: http_proxy }, url: secure, ...byProxy },
      { env: { ALL_PROXY: http_proxy }, url: name, ...byProxy },
    ],
  },
  {
    topic: 'an empty name in small letters beside one in capitals',
    rows: [
      {
        env: { https_proxy: '', HTTPS_PROXY: http_proxy },
        url: secure,
        ...itself,
        curl: 'proxy',
      },
      { env: { http_proxy, no_proxy: '', NO_PROXY: '*' }, url: local, ...byProxy, curl: 'server' },
      { env: { http_proxy, no_proxy: 'other', NO_PROXY: '*' }, url: local, ...byProxy },
    ],
  },
  {
    topic: '`host:port` without a scheme',
    rows: [
      { env: { http_proxy: 'PROXY' }, url: name, ...byProxy, oldPip: 'nobody' },
      { env: { https_proxy: 'PROXY' }, url: secure, ...byProxy, oldPip: 'nobody' },
      {
        env: { http_proxy: 'user:pass@PROXY' },
        url: name,
        tuffet: 'proxy as user:pass',
        pip: 'nobody',
      },
      {
        env: { https_proxy: 'user:pass@PROXY' },
        url: secure,
        tuffet: 'proxy as user:pass',
        pip: 'nobody',
      },
    ],
  },
  {
    topic: 'a user name without a password',
    rows: [
      {
        env: { http_proxy: 'http://user@PROXY' },
        url: name,
        tuffet: 'proxy as user:',
        pip: 'proxy',
      },
    ],
  },
  {
    topic: 'a proxy that is down',
    rows: [
      { env: { http_proxy: 'http://DEAD' }, url: local, tuffet: 'nobody' },
      { env: { http_proxy: 'DEAD' }, url: local, tuffet: 'nobody' },
      { env: { https_proxy: 'DEAD' }, url: secure, tuffet: 'nobody' },
      { env: { ALL_PROXY: 'http://user:pass@DEAD' }, url: local, tuffet: 'nobody' },
    ],
  },
  {
    topic: '`NO_PROXY` with names and addresses',
    rows: [
      { env: { http_proxy, NO_PROXY: '127.0.0.1' }, url: local, ...itself },
      { env: { http_proxy, no_proxy: '127.0.0.2' }, url: local, ...byProxy },
      { env: { http_proxy, no_proxy: '' }, url: local, ...byProxy },
      { env: { http_proxy, no_proxy: '::1' }, url: local6, ...itself },
      { env: { http_proxy, no_proxy: 'localhost' }, url: 'http://localhost:PORT/', ...itself },
      { env: { http_proxy, no_proxy: 'tuf.invalid' }, url: name, ...itself },
      { env: { http_proxy, no_proxy: 'TUF.invalid' }, url: name, ...itself },
      { env: { http_proxy, no_proxy: 'a, tuf.invalid ,b' }, url: name, ...itself },
      { env: { http_proxy, no_proxy: 'tuf.invalid' }, url: below, ...itself },
      { env: { http_proxy, no_proxy: '.tuf.invalid' }, url: below, ...itself },
      { env: { http_proxy, no_proxy: '.tuf.invalid' }, url: name, ...itself },
      { env: { ALL_PROXY: http_proxy, no_proxy: '.tuf.invalid' }, url: secure, ...itself },
    ],
  },
  {
    topic: 'a name that ends with the listed one, without a dot between',
    rows: [
      {
        env: { http_proxy, no_proxy: 'tuf.invalid' },
        url: 'http://eviltuf.invalid/',
        ...byProxy,
        oldPip: 'server',
      },
    ],
  },
  {
    topic: '`*`',
    rows: [
      { env: { http_proxy, no_proxy: '*' }, url: local, ...itself },
      { env: { http_proxy, no_proxy: 'a,*' }, url: local, ...byProxy },
    ],
  },
  {
    topic: '`*.example.org`',
    rows: [
      {
        env: { http_proxy, no_proxy: '*.tuf.invalid' },
        url: below,
        ...itself,
        curl: 'proxy',
        pip: 'proxy',
      },
      {
        env: { http_proxy, no_proxy: '*.tuf.invalid' },
        url: name,
        ...itself,
        curl: 'proxy',
        pip: 'proxy',
      },
    ],
  },
  {
    topic: 'a dot at the end',
    rows: [
      { env: { http_proxy, no_proxy: 'tuf.invalid.' }, url: name, ...itself, pip: 'proxy' },
      {
        env: { http_proxy, no_proxy: 'tuf.invalid' },
        url: 'http://tuf.invalid./',
        ...itself,
        pip: 'proxy',
      },
    ],
  },
  {
    topic: 'entries apart by spaces',
    rows: [
      { env: { http_proxy, no_proxy: 'a tuf.invalid b' }, url: name, ...itself, pip: 'proxy' },
    ],
  },
  {
    topic: 'a port',
    rows: [
      {
        env: { http_proxy, no_proxy: 'tuf.invalid:8080' },
        url: 'http://tuf.invalid:8080/',
        ...itself,
        curl: 'proxy',
      },
      { env: { http_proxy, no_proxy: 'tuf.invalid:8080' }, url: name, ...byProxy },
      {
        env: { http_proxy, no_proxy: 'tuf.invalid:80' },
        url: name,
        ...itself,
        curl: 'proxy',
        pip: 'proxy',
      },
      {
        env: { http_proxy, no_proxy: '127.0.0.1:PORT' },
        url: local,
        ...itself,
        curl: 'proxy',
        pip: 'proxy',
      },
      { env: { http_proxy, no_proxy: '127.0.0.1:1' }, url: local, ...byProxy },
    ],
  },
  {
    topic: 'a block of addresses (CIDR)',
    rows: [
      { env: { http_proxy, no_proxy: '127.0.0.0/8' }, url: local, ...itself },
      { env: { http_proxy, no_proxy: '127.1.0.0/16' }, url: local, ...byProxy },
      { env: { http_proxy, no_proxy: '127.0.0.0/8' }, url: 'http://localhost:PORT/', ...byProxy },
    ],
  },
  {
    topic: 'IPv6 in brackets, or as a block',
    rows: [
      {
        env: { http_proxy, no_proxy: '[::1]' },
        url: local6,
        ...itself,
        curl: 'proxy',
        pip: 'proxy',
      },
      {
        env: { http_proxy, no_proxy: '::/16' },
        url: local6,
        ...itself,
        curl: 'proxy',
        pip: 'proxy',
      },
    ],
  },
]
