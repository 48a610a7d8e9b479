/** Backups from afar: what `gamenight backup` does, and the files to take away. */
import type { Deps, HttpHandler } from "./context.ts"
import { onceIn } from "./once.ts"

export function backupRoutes({ backups, fingerprint }: Pick<Deps, "backups" | "fingerprint">) {
  return {
    list: async (c) => c.json((await backups()).list()),

    make: async (c) => {
      c.env.untimed()
      const made = await (await backups()).make(await onceIn(c, fingerprint))
      c.header("Location", `/api/backups/${encodeURIComponent(made.name)}`)
      return c.json(made, 201)
    },

    read: async (c) => {
      const { name, bytes, body } = await (await backups()).read(c.req.param("file") ?? "")
      return c.body(body.stream(), 200, {
        "Content-Type": "application/vnd.sqlite3",
        "Content-Length": String(bytes),
        "Content-Disposition": `attachment; filename*=UTF-8''${encoded(name)}`,
      })
    },

    remove: async (c) => {
      const { remove } = await backups()
      remove(c.req.param("file") ?? "")
      return c.body(null, 204)
    },
  } satisfies Record<string, HttpHandler>
}

/** As RFC 8187 section 3.2.1 wants it. */
const encoded = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
