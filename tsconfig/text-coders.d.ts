/** The only globals beyond the language that core may use: see core.json. */

interface TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number }
}

declare var TextEncoder: new () => TextEncoder

interface TextDecoder {
  decode(input?: Uint8Array): string
}

declare var TextDecoder: new (
  label?: 'utf-8',
  options?: { fatal?: boolean; ignoreBOM?: boolean },
) => TextDecoder
