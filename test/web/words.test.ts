/**
 * Does every language have every word? The compiler holds the names; here it is held that something stands behind each,
 * and that it is of that language.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ca } from '../../web/words/ca.ts'
import { ca as consoleCa } from '../../web/words/console/ca.ts'
import { de as consoleDe } from '../../web/words/console/de.ts'
import { en as consoleEn } from '../../web/words/console/en.ts'
import { es as consoleEs } from '../../web/words/console/es.ts'
import { fr as consoleFr } from '../../web/words/console/fr.ts'
import { it as consoleIt } from '../../web/words/console/it.ts'
import { pt as consolePt } from '../../web/words/console/pt.ts'
import { de } from '../../web/words/de.ts'
import { en } from '../../web/words/en.ts'
import { es } from '../../web/words/es.ts'
import { fr } from '../../web/words/fr.ts'
import { it } from '../../web/words/it.ts'
import { pt } from '../../web/words/pt.ts'

const test = suite('words of the pages')
const others: Record<string, object> = {
  es: { ...es, console: consoleEs },
  ca: { ...ca, console: consoleCa },
  it: { ...it, console: consoleIt },
  de: { ...de, console: consoleDe },
  fr: { ...fr, console: consoleFr },
  pt: { ...pt, console: consolePt },
}

/** Name → text; of a sentence with places what it makes of «1», «2» … */
function listWords(words: object, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(words)) {
    if (typeof value === 'string') found.set(path + name, value)
    else if (typeof value === 'function') found.set(path + name, value('«1»', '«2»', '«3»', '«4»'))
    else for (const [inner, text] of listWords(value, `${path}${name}.`)) found.set(inner, text)
  }
  return found
}

const places = (text: string) => [...text.matchAll(/«\d»/g)].map(([place]) => place).sort()
const english = listWords({ ...en, console: consoleEn })

for (const [language, words] of Object.entries(others)) {
  const found = listWords(words)

  test(`${language} has the words of English, none of them empty`, () => {
    assert.equal([...found.keys()].sort(), [...english.keys()].sort())
    const empty = [...found].filter(([, text]) => text.trim() === '')
    assert.equal(empty, [])
  })

  test(`${language} says what is filled in at every place that English has`, () => {
    for (const [name, text] of english) assert.equal(places(found.get(name) ?? ''), places(text), name)
  })

  test(`${language} is not English that was forgotten`, () => {
    const same = [...found].filter(([name, text]) => english.get(name) === text && text.includes(' '))
    assert.equal(same, [])
    const equal = [...found].filter(([name, text]) => english.get(name) === text).length
    assert.ok(equal < found.size / 8, `${equal} of ${found.size} words are those of English`)
  })
}

test.run()
