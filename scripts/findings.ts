/** `npm run findings`: writes the tables in docs/guides/auditing-a-repository.md; a test compares them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withTables } from './findings-table.js'

const page = fileURLToPath(new URL('../docs/guides/auditing-a-repository.md', import.meta.url))

writeFileSync(page, withTables(readFileSync(page, 'utf8')))
