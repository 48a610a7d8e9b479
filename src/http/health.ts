/** Whether the service runs and can write. */
import type { Deps, HttpHandler } from "./context.ts"

export function healthRoutes({ store }: Deps) {
  const ok = (message: string) => ({ status: "ok", message })
  return {
    live: (c) => c.json(ok("gamenight is running")),
    /** Writes nothing, but through a real transaction: a full or broken disk shows here. */
    ready: async (c) => {
      await store.write(({ trx }) =>
        trx
          .insertInto("meta")
          .values({ key: "ready", value: "" })
          .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: "" }))
          .execute(),
      )
      return c.json(ok("gamenight is ready"))
    },
  } satisfies Record<string, HttpHandler>
}
