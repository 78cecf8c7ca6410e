import { breakEverywhere } from './breaks.js'
import { tryAnswers } from './answers.js'
import { makeSubject } from './subject.js'
const subject = await makeSubject()
const t0 = performance.now()
const t = await breakEverywhere(subject, Number(process.argv[2] ?? 50))
console.log(t.total, String(t), performance.now() - t0)
const a = await tryAnswers(subject, Number(process.argv[3] ?? 50))
console.log(a.tally.total, String(a.tally), performance.now() - t0)
console.log([...a.right].join('\n'))
