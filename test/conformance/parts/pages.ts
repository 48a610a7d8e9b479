/** What is embedded in the program, as browsers and plain clients get it. */
import { describe, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { brotliDecompressSync, gunzipSync } from "node:zlib"
import { type Command, startNight } from "../night.ts"

const ICON = readFileSync(join(import.meta.dir, "../../../src/ui/favicon.svg"))

export function pagesPart(command: Command): void {
  describe("what is embedded", () => {
    const night = startNight(command)

    async function get(headers: Record<string, string>) {
      const answer = await fetch(`${night.server.url}/favicon.svg`, { headers, decompress: false })
      const bytes = Buffer.from(await answer.arrayBuffer())
      return { answer, bytes, coding: answer.headers.get("content-encoding") }
    }

    test("comes in the best coding that the client takes, and plain to any other", async () => {
      for (const accepted of ["br", "gzip, deflate, br, zstd", "gzip;q=1, br; q=0.1"]) {
        const { bytes, coding } = await get({ "accept-encoding": accepted })
        expect({ accepted, coding }).toEqual({ accepted, coding: "br" })
        expect(brotliDecompressSync(bytes)).toEqual(ICON)
      }
      for (const accepted of ["gzip", "GZIP;q=0.5", "br;q=0, gzip", "br;q=0.000,gzip"]) {
        const { bytes, coding } = await get({ "accept-encoding": accepted })
        expect({ accepted, coding }).toEqual({ accepted, coding: "gzip" })
        expect(gunzipSync(bytes)).toEqual(ICON)
      }
      for (const accepted of ["identity", "brotli", "gzip;q=0", "zstd"]) {
        const { bytes, coding, answer } = await get({ "accept-encoding": accepted })
        expect({ accepted, coding }).toEqual({ accepted, coding: null })
        expect(bytes).toEqual(ICON)
        expect(answer.headers.get("vary")).toContain("Accept-Encoding")
        expect(answer.headers.get("content-type")).toBe("image/svg+xml")
      }
    })

    test("a page may have its own style and the icon, and loads or runs nothing else", async () => {
      const { text, headers } = await night.anyone("GET", "/docs")
      const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? ""
      const hash = createHash("sha256").update(style).digest("base64")
      const policy = headers.get("content-security-policy")
      expect(policy).toStartWith(`default-src 'none'; style-src 'sha256-${hash}'; img-src 'self';`)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(text).not.toMatch(/<script|<iframe| style=| on[a-z]+=/)
    })

    test("are the pages, their scripts and pictures, each of its kind", async () => {
      const app = ["/", "/login", "/setup?code=x", "/pick", "/games", "/history", "/history/17", "/settings"]
      const documents = await Promise.all(
        [...app, "/vote", "/big", "/overlay"].map((path) => night.anyone("GET", path)),
      )
      for (const { status, headers, text } of documents) {
        expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
        for (const [, path = ""] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
          expect([path, (await night.anyone("GET", path)).status]).toEqual([path, 200])
        }
      }
      const [tonight = "", ...others] = documents.slice(0, app.length).map(({ text }) => text)
      expect(new Set(others).size).toBe(1)
      const script = /src="([^"]+)"/.exec(tonight)?.[1] ?? ""
      // The other pages need a second script, which their document names before the first asks for it.
      expect(others[0]).toContain(`src="${script}"`)
      expect(others[0]).toMatch(/rel="modulepreload" href="\/assets\/others-\w+\.js"/)
      expect(tonight).not.toContain("modulepreload")
      const { headers } = await night.anyone("GET", script)
      expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable")
      expect(headers.get("content-type")).toBe("text/javascript; charset=utf-8")
      const { body: manifest } = await night.anyone("GET", "/manifest.webmanifest")
      for (const { src, type } of manifest.icons) {
        const icon = await night.anyone("GET", src)
        expect([src, icon.status, icon.headers.get("content-type")]).toEqual([src, 200, type])
      }
    })

    test("is not sent again to a browser that has it", async () => {
      const etag = `"${createHash("sha256").update(ICON).digest("base64url").slice(0, 22)}"`
      const { answer } = await get({})
      expect(answer.headers.get("etag")).toBe(etag)
      expect(answer.headers.get("cache-control")).toBe("no-cache")
      const again = await get({ "if-none-match": `"old", W/${etag}` })
      expect(again.answer.status).toBe(304)
      expect(again.bytes.byteLength).toBe(0)
      expect((await get({ "if-none-match": '"old"' })).answer.status).toBe(200)
    })
  })
}
