/**
 * Which hosts are asked without the proxy of the environment. `NO_PROXY` is read as curl reads it,
 * and understands a few more ways to write an entry (docs/compatibility.md).
 */
import { BlockList, isIP } from 'node:net'

/**
 * @internal Whether `NO_PROXY` lists the host of `url`: a name, also for the hosts below it, an
 * address, or a block of addresses such as `10.0.0.0/8`; names and addresses with or without a port.
 * `*` alone is every host.
 */
export function isExempt(noProxy: string | undefined, url: string): boolean {
  if (noProxy === undefined) return false
  if (noProxy.trim() === '*') return true
  const { hostname, port, protocol } = new URL(url)
  const host = hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()
  const asked = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => lists(entry.toLowerCase(), host, asked))
}

function lists(entry: string, host: string, asked: string): boolean {
  const [, base = '', bits = ''] = /^(.*)\/(\d{1,3})$/.exec(entry) ?? []
  if (base !== '') return isInBlock(host, base, Number(bits))
  const [, named, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? []
  if (port !== undefined && port !== asked) return false
  const name = (named ?? entry)
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^\*?\./, '')
    .replace(/\.$/, '')
  if (isIP(host) !== 0) return name === host
  return name !== '' && (host === name || host.endsWith(`.${name}`))
}

function isInBlock(host: string, base: string, bits: number): boolean {
  const family = isIP(host)
  if (family === 0 || family !== isIP(base) || bits > (family === 4 ? 32 : 128)) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const block = new BlockList()
  block.addSubnet(base, bits, type)
  return block.check(host, type)
}
