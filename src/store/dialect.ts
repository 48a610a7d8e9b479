/** Kysely over one connection of a host. */
import {
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely"
import type { RawDatabase } from "./folder.ts"
import type { Database } from "./schema.ts"

export const createKysely = (database: RawDatabase): Kysely<Database> =>
  new Kysely<Database>({ dialect: dialectOver(database) })

const dialectOver = (database: RawDatabase): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new SqliteDriver({ database }),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
})
