/** CSV as it comes in: from spreadsheets of all countries, from other programs, and from nobody who means well. */
import { expect, test } from "bun:test"
import fc from "fast-check"
import { type CsvRecord, csvRow, plainText, readCsv } from "../src/csv.ts"

const read = (text: string, delimiter = ","): CsvRecord[] => [...readCsv(text, delimiter)]
const cells = (text: string, delimiter = ","): string[][] => read(text, delimiter).map((one) => one.cells)

/** Texts in which what means something to CSV is common. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({
    unit: fc.constantFrom('"', ",", ";", "\t", "\r", "\n", "'", "=", "-", "+", "@", " ", "a", "＝"),
  }),
)
const table = fc.array(fc.array(text, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 })

test("whatever is written comes back as it was, cell by cell", () => {
  fc.assert(
    fc.property(table, (rows) => {
      const written = rows.map((row) => csvRow(row)).join("")
      expect(cells(written).map((row) => row.map(plainText))).toEqual(rows)
      expect(read(written).every(({ wrong }) => wrong === undefined)).toBeTrue()
    }),
    { numRuns: 1_000 },
  )
})

test("other programs may use another delimiter, other line ends, and quotes everywhere", () => {
  const delimiters = fc.constantFrom(",", ";", "\t")
  const ends = fc.constantFrom("\r\n", "\n", "\r")
  fc.assert(
    fc.property(table, delimiters, ends, fc.boolean(), (rows, delimiter, end, closed) => {
      const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
      const lines = rows.map((row) => row.map(quoted).join(delimiter))
      expect(cells(lines.join(end) + (closed ? end : ""), delimiter)).toEqual(rows)
    }),
    { numRuns: 500 },
  )
})

test("any text at all is read to its end, each line counted once", () => {
  fc.assert(
    fc.property(text, (anything) => {
      const records = read(anything)
      const lines = records.map(({ line }) => line)
      expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b))
      expect(lines.at(-1) ?? 0).toBeLessThanOrEqual(anything.split(/\r\n|\r|\n/).length)
    }),
    { numRuns: 1_000 },
  )
})

test("a record knows its line, though cells before it hold several", () => {
  const records = read('a,"one\ntwo\r\nthree"\r\n\r\nb,"x\ry"\nc')
  expect(records.map(({ line, cells: [first] }) => [line, first])).toEqual([
    [1, "a"],
    [4, ""],
    [5, "b"],
    [7, "c"],
  ])
})

test("empty cells at the start and the end of a line are cells", () => {
  expect(cells(",a,\n,\n")).toEqual([
    ["", "a", ""],
    ["", ""],
  ])
  expect(cells("a,")).toEqual([["a", ""]])
  expect(cells("")).toEqual([])
})

test("a quote inside a cell that does not begin with one is a quote", () => {
  expect(cells('5" floppy, 3"5')).toEqual([['5" floppy', ' 3"5']])
})

test("what cannot be read says why, and the records around it are whole", () => {
  expect(read('a,"b"c,d\ne\n')).toEqual([
    { line: 1, cells: ["a", "b", "d"], wrong: "There is text behind a closing quote" },
    { line: 2, cells: ["e"], wrong: undefined },
  ])
  expect(read('a\n"b\nc,d\n').at(-1)).toEqual({
    line: 2,
    cells: [""],
    wrong: "A quote is opened and never closed",
  })
  expect(cells('"a" ,b')).toEqual([["a", "b"]])
})

test("a line of a million cells is one record with the first hundred of them", () => {
  const [record, ...others] = read("a,".repeat(1_000_000))
  expect(others).toEqual([])
  expect([record?.cells.length, record?.wrong]).toEqual([100, "There are more than 100 cells"])
  const [empty] = read(",".repeat(1_000_000))
  expect([empty?.cells.length, empty?.wrong]).toEqual([100, undefined])
})
