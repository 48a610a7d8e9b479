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
