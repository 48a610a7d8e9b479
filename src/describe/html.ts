/** HTML as text: what is put into a template is escaped, unless it is HTML already. */

export type Html = { html: string }
type Part = string | number | false | undefined | Html | readonly Part[]

const SIGNS: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

function written(part: Part): string {
  if (part === false || part === undefined) return ""
  if (typeof part === "object") return "html" in part ? part.html : part.map(written).join("")
  return String(part).replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign)
}

export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html => ({
  html: strings.map((text, at) => text + written(parts[at])).join(""),
})

/** A sentence with `code` in it. */
export const line = (text: string): Html[] =>
  text.split("`").map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`))

/** Paragraphs, with empty lines between them. */
export const paragraphs = (text: string): Html[] => text.split("\n\n").map((one) => html`<p>${line(one)}</p>`)

/** An identifier in a heading or a link. */
export const anchor = (name: string): string => name.replaceAll(/[^\w.-]/g, "-")

export const json = (value: unknown): Html => html`<pre><code>${JSON.stringify(value, null, 2)}</code></pre>`
