/** Comma-separated values (RFC 4180), as spreadsheets of all countries write them. */

export type CsvRecord = {
  /** Where it begins, counted from 1; a cell may hold several lines. */
  line: number
  cells: string[]
  /** Why the record cannot be read. */
  wrong: string | undefined
}

/** Cells of a record at most; what lies behind them is passed over. */
const MOST_CELLS = 100
/** What a spreadsheet would take for a formula at the start of a cell; the wide signs too. */
const FORMULA = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
const ESCAPED = /^'+[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

/** The records of a text in order, empty ones too. Quotes, line breaks in cells and any line ends are read. */
export function* readCsv(text: string, delimiter: string): Generator<CsvRecord> {
  const plain = new RegExp(`[^${delimiter === "\t" ? "\\t" : delimiter}\\r\\n]*`, "y")
  let at = 0
  let line = 1

  /** The cell at `at`, which is then behind it. */
  function cell(record: CsvRecord): string {
    if (text[at] !== '"') return plainCell()
    const parts: string[] = []
    let from = at + 1
    for (;;) {
      const quote = text.indexOf('"', from)
      if (quote < 0) {
        record.wrong ??= "A quote is opened and never closed"
        at = text.length
        return ""
      }
      parts.push(text.slice(from, quote))
      at = quote + 1
      if (text[at] !== '"') break
      from = at
      parts.push('"')
      from++
    }
    if (plainCell().trim() !== "") record.wrong ??= "There is text behind a closing quote"
    const value = parts.join("")
    line += value.match(/\r\n|\r|\n/g)?.length ?? 0
    return value
  }

  function plainCell(): string {
    plain.lastIndex = at
    const value = plain.exec(text)?.[0] ?? ""
    at += value.length
    return value
  }

  while (at < text.length) {
    const record: CsvRecord = { line, cells: [], wrong: undefined }
    for (;;) {
      const value = cell(record)
      if (record.cells.length < MOST_CELLS) record.cells.push(value)
      else if (value !== "") record.wrong ??= `There are more than ${MOST_CELLS} cells`
      if (text[at] !== delimiter) break
      at++
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++
    at++
    line++
    yield record
  }
}

/** A record as text, without its line end. */
export const writeCsv = (cells: readonly string[]): string => cells.map(quoted).join(",")

const quoted = (cell: string): string =>
  /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/** With an apostrophe where a spreadsheet would calculate; `unescaped` takes exactly that away again. */
export const escaped = (text: string): string => (FORMULA.test(text) ? `'${text}` : text)

export const unescaped = (text: string): string => (ESCAPED.test(text) ? text.slice(1) : text)
