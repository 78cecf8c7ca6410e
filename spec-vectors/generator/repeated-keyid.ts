/** Two sentences on a keyid that signs twice; they can be argued when the threshold is met. */
export const repeatedKeyid =
  '4.2.1: "The keyid MUST be unique in the signatures array: multiple signatures with the same keyid are not allowed", so a list with a repeated keyid makes the file malformed, whichever other keys signed. 5.3.4, 5.4.2, 5.5.3 and 5.6.3: "Even if a KEYID is listed more than once" not more than one counts; that says how to count, and allows no such list.'
