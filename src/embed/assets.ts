/** Writes what the program embeds as compressed files and the module that names them; runs in build.ts only. */
import { createHash } from "node:crypto"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { extname, join } from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"

export type EmbeddedFile = {
  /** Where it is served, such as "/favicon.svg". */
  path: string
  content: string | Uint8Array
  /** True if the path changes with the content. */
  forever?: boolean
  /** The header Content-Security-Policy, where a page needs more than nothing; `{host}` is the host that is asked. */
  policy?: string
}

const TYPES: Record<string, string> = {
  "": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
}

/** The same content gives the same bytes. */
export function writeAssets(folder: string, files: readonly EmbeddedFile[]): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const imports: string[] = []
  const entries: string[] = []
  for (const [at, { path, content, forever = false, policy }] of files.entries()) {
    const bytes = Buffer.from(content as Uint8Array)
    const type = TYPES[extname(path)]
    if (!type) throw new Error(`Cannot embed ${path}: its kind is not known`)
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`
    writeFileSync(join(folder, `${at}.br`), brotli(bytes))
    writeFileSync(join(folder, `${at}.gz`), gzipSync(bytes, { level: 9 }))
    for (const kind of ["br", "gz"]) {
      imports.push(`import ${kind}${at} from "./${at}.${kind}" with { type: "file" }`)
    }
    const facts = JSON.stringify({ type, etag, forever, policy }).slice(1, -1)
    entries.push(`  ${JSON.stringify(path)}: { ${facts}, brotli: placed(br${at}), gzip: placed(gz${at}) },`)
  }
  writeFileSync(
    join(folder, "assets.js"),
    `${imports.join("\n")}\n${PLACED}export const assets = {\n${entries.join("\n")}\n}\n`,
  )
}

/** A bundle for Node names its files from where its chunk lies; Bun gives whole paths. */
const PLACED = `const { fileURLToPath } = process.getBuiltinModule("node:url")
const placed = (path) => (path.startsWith("./") ? fileURLToPath(new URL(path, import.meta.url)) : path)
`

const brotli = (bytes: Uint8Array): Uint8Array =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  })
