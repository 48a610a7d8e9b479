/** Kysely from the first query on: loading it takes two milliseconds and as many megabytes, and a start needs none. */
import type { Kysely } from "kysely"
import type { RawDatabase } from "./folder.ts"
import type { Database } from "./schema.ts"

/** `connect` is called by the first query, too. */
export function kyselyOver(connect: () => RawDatabase): Kysely<Database> {
  let made: Kysely<Database> | undefined
  const real = () => {
    // Unlike `import` it returns at once, and a query can be built anywhere.
    made ??= (require("./dialect.ts") as typeof import("./dialect.ts")).createKysely(connect())
    return made
  }
  return new Proxy({} as Kysely<Database>, {
    get(_, name) {
      const member: unknown = Reflect.get(real(), name)
      // A function with members of its own, which a bound one would lose.
      return typeof member === "function" && name !== "fn" ? member.bind(real()) : member
    },
  })
}
