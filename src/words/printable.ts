/**
 * Text from others on a terminal: characters that would move the cursor or hide letters are written
 * out.
 */

// Controls, invisible format characters (among them those that turn the direction of writing),
// line and paragraph separators, lone surrogates, and code points that are never characters, some of
// which XML forbids.
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{NChar}]/gu

/** The text with `\u001b` in place of an escape character. JSON stays the same JSON. */
export function printable(text: string): string {
  return text.replaceAll(hidden, (character) => {
    let escaped = ''
    for (let index = 0; index < character.length; index++) {
      escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
    }
    return escaped
  })
}

/**
 * The text with `%1B` in place of an escape character, and `%25` in place of `%`: different texts stay
 * different. A lone surrogate has the three bytes that UTF-8 would give it.
 */
export function percentEncoded(text: string): string {
  return text.replaceAll('%', '%25').replaceAll(hidden, inPercent)
}

/** The same for a URL, in which `%` stays. */
export function percentEncodedUrl(url: string): string {
  return url.replaceAll(hidden, inPercent)
}

function inPercent(character: string): string {
  const unit = character.charCodeAt(0)
  if (character.length > 1 || unit < 0xd800 || unit > 0xdfff) return encodeURIComponent(character)
  const bytes = [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join('')
}
