/** Kysely over one connection of a host. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely"
import type { RawDatabase } from "./folder.ts"
import type { Database } from "./schema.ts"

/** How a transaction begins. */
export type Begin = "begin" | "begin immediate"

export const createKysely = (database: RawDatabase, how: Begin): Kysely<Database> =>
  new Kysely<Database>({ dialect: dialectOver(database, how) })

/** Kysely's SQLite dialect, with transactions that begin as they are told. */
function dialectOver(database: RawDatabase, how: Begin): Dialect {
  const begin = CompiledQuery.raw(how)
  class OwnBeginDriver extends SqliteDriver {
    override async beginTransaction(connection: DatabaseConnection) {
      await connection.executeQuery(begin)
    }
  }
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new OwnBeginDriver({ database }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}
