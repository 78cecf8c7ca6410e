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
