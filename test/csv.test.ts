/** CSV: what a spreadsheet gets to see, and what it must never carry out. */
import { expect, test } from "bun:test"
import { csvCell, csvRow, plainText } from "../src/csv.ts"

const unquoted = (cell: string): string =>
  cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell

test("plain texts, numbers and nothing are cells as they are", () => {
  expect(csvRow([17, "Quiplash 3", null, -4, 0.5, "Tee K.O."])).toBe("17,Quiplash 3,,-4,0.5,Tee K.O.\r\n")
})

test("a text that a cell cannot hold as it is gets quotes", () => {
  const texts = ['say "cheese"', "a,b", "a;b", "two\nlines", "two\r\nlines", " ahead", "behind "]
  expect(texts.map(csvCell)).toEqual([
    '"say ""cheese"""',
    '"a,b"',
    '"a;b"',
    '"two\nlines"',
    '"two\r\nlines"',
    '" ahead"',
    '"behind "',
  ])
})

test("no text is carried out as a formula", () => {
  for (const start of ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]) {
    expect(unquoted(csvCell(`${start}HYPERLINK("http://x")`))).toBe(`'${start}HYPERLINK("http://x")`)
  }
  expect([csvCell("5 = 5"), csvCell("a-b"), csvCell("'Tis")]).toEqual(["5 = 5", "a-b", "'Tis"])
})

test("every text comes back as it went", () => {
  for (const text of ["", "=1", "'=1", "''=1", "'Tis", "''", "-", "'-", "a", " =1", '"=1"', "@ann", "é"]) {
    expect(plainText(unquoted(csvCell(text)))).toBe(text)
  }
})
