/** CSV as spreadsheets read it (RFC 4180), with cells that no program takes for a formula. */

/** What a cell that would be carried out begins with; the wide forms are those of East Asian keyboards. */
const FORMULA = "[=+\\-@\\t\\r\\n＝＋－＠]"
const DANGEROUS = new RegExp(`^'*${FORMULA}`)
const DEFUSED = new RegExp(`^'+${FORMULA}`)

/** One cell. A text that begins like a formula gets a `'` in front of it; `plainText` takes that away again. */
export function csvCell(value: string | number | null): string {
  if (typeof value !== "string") return value === null ? "" : String(value)
  const text = DANGEROUS.test(value) ? `'${value}` : value
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line with its end. */
export const csvRow = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(csvCell).join(",")}\r\n`

/** The text that was given to `csvCell`, from a cell that is unquoted already. */
export const plainText = (cell: string): string => (DEFUSED.test(cell) ? cell.slice(1) : cell)

export type CsvRecord = {
  /** Where it begins, counted from 1; a cell may hold several lines. */
  line: number
  cells: string[]
  /** Why the record cannot be read. */
  wrong: string | undefined
}

/** Cells of a record at most; what lies behind them is passed over. */
const MOST_CELLS = 100

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
    const breaks = /\r\n|\r|\n/g
    while (breaks.test(value)) line++
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
