import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { CsvSplitter, maxRowLength } from '../../src/tariffs/split-csv.ts'

const test = suite('CsvSplitter')

function split(text: string, pieceLength = text.length || 1) {
  const splitter = new CsvSplitter(',')
  const rows = []
  for (let at = 0; at < text.length; at += pieceLength)
    rows.push(...splitter.push(text.slice(at, at + pieceLength)))
  return [...rows, ...splitter.end()]
}

const tables: [string, string, unknown[]][] = [
  [
    'cells and rows are parted',
    'a,b\nc,d\n',
    [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['c', 'd'] },
    ],
  ],
  [
    'a last row needs no line end',
    'a,b\nc',
    [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['c'] },
    ],
  ],
  [
    'line ends of Windows are no part of a cell',
    'a,"b"\r\nc,d\r\n',
    [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['c', 'd'] },
    ],
  ],
  [
    'a quoted cell holds separators and doubled quotes',
    '"a,""b""",c\n',
    [{ line: 1, cells: ['a,"b"', 'c'] }],
  ],
  [
    'a row is named by the line it begins on',
    '"a\nb",c\nd,e\n',
    [
      { line: 1, cells: ['a\nb', 'c'] },
      { line: 3, cells: ['d', 'e'] },
    ],
  ],
  [
    'a quoted cell of two lines may end the row',
    'c,"a\r\nb"\r\nd,e',
    [
      { line: 1, cells: ['c', 'a\r\nb'] },
      { line: 3, cells: ['d', 'e'] },
    ],
  ],
  ['a quote inside an unquoted cell is a character', '5" pipe,1\n', [{ line: 1, cells: ['5" pipe', '1'] }]],
  ['an empty quoted cell is empty', '"",1\n', [{ line: 1, cells: ['', '1'] }]],
  [
    'an open quote breaks its own line only',
    'a,b\n"c,d\ne,f\n',
    [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, broken: 'quotes' },
      { line: 3, cells: ['e', 'f'] },
    ],
  ],
  [
    'text after a closing quote breaks the row',
    '"a"b,c\nd,e\n',
    [
      { line: 1, broken: 'quotes' },
      { line: 2, cells: ['d', 'e'] },
    ],
  ],
]

for (const [name, text, expected] of tables) {
  test(name, () => {
    assert.equal(split(text), expected)
    assert.equal(split(text, 1), expected)
    assert.equal(split(text, 3), expected)
  })
}

test('a line without an end is refused, not collected', () => {
  const long = 'x'.repeat(maxRowLength + 10)
  assert.equal(split(`${long}${long}\na,b\n`, 10_000), [
    { line: 1, broken: 'too-long' },
    { line: 2, cells: ['a', 'b'] },
  ])
})

test.run()
