/** What is embedded in the program: pages, their scripts, and the documents that other programs read. */
import { AppError } from "../errors.ts"
import type { HttpContext, HttpHandler, Route } from "./context.ts"
import { knows } from "./etag.ts"
import { idIn } from "./input.ts"

const show: HttpHandler = (c) => embedded(c, c.req.path)
/** One document for all pages of the hosts but Tonight: its script looks at the path. */
const app: HttpHandler = (c) => embedded(c, "/pick")

const night: HttpHandler = (c) => {
  idIn(c)
  return app(c)
}

export const PAGES: readonly Route[] = [
  ["GET", "/", "anyone", show],
  ["GET", "/login", "anyone", app],
  ["GET", "/setup", "anyone", app],
  ["GET", "/pick", "anyone", app],
  ["GET", "/games", "anyone", app],
  ["GET", "/history", "anyone", app],
  ["GET", "/history/:id", "anyone", night],
  ["GET", "/settings", "anyone", app],
  ["GET", "/vote", "anyone", show],
  ["GET", "/big", "anyone", show],
  ["GET", "/overlay", "anyone", show],
  ["GET", "/assets/:name", "anyone", show],
  ["GET", "/manifest.webmanifest", "anyone", show],
  ["GET", "/icon-192.png", "anyone", show],
  ["GET", "/icon-512.png", "anyone", show],
  ["GET", "/favicon.svg", "anyone", show],
  ["GET", "/docs", "anyone", show],
  ["GET", "/api/openapi.json", "anyone", show],
  ["GET", "/api/asyncapi.json", "anyone", show],
]

/** Loaded with the first page that is asked for: a start needs none. Throws `not_found`. */
async function embedded(c: HttpContext, path: string): Promise<Response> {
  const { assets } = await import("#assets")
  const asset = Object.hasOwn(assets, path) ? assets[path] : undefined
  if (!asset) throw new AppError("not_found", `Cannot find ${path}: there is no such page`)
  const { type, etag, forever, policy, brotli, gzip } = asset
  c.header("Vary", "Accept-Encoding")
  c.header("Cache-Control", forever ? "public, max-age=31536000, immutable" : "no-cache")
  c.header("ETag", etag)
  if (policy) c.header("Content-Security-Policy", policy.replaceAll("{host}", c.req.header("host") ?? ""))
  if (knows(c, etag)) return c.body(null, 304)
  c.header("Content-Type", type)
  // Imported, each of these two would add half a megabyte of Bun's own code to the executable.
  const { readFile } = process.getBuiltinModule("node:fs/promises")
  const accepted = c.req.header("accept-encoding")
  if (takes(accepted, "br")) {
    c.header("Content-Encoding", "br")
    return c.body(await readFile(brotli))
  }
  const packed = await readFile(gzip)
  if (takes(accepted, "gzip")) {
    c.header("Content-Encoding", "gzip")
    return c.body(packed)
  }
  const { gunzipSync } = process.getBuiltinModule("node:zlib")
  return c.body(gunzipSync(packed))
}

/** Whether a header Accept-Encoding (RFC 9110 section 12.5.3) names `coding`, and not to refuse it. */
function takes(header = "", coding: string): boolean {
  const codings = header.split(",").map((one) => one.replaceAll(" ", "").toLowerCase())
  return codings.some((one) => one === coding || (one.startsWith(`${coding};q=`) && !/=0(\.0*)?$/.test(one)))
}
