/** Kysely over one connection of a host. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely"
import type { RawDatabase } from "./folder.ts"

/** Kysely's SQLite dialect over a connection, or one that the first query opens; transactions begin as they are told. */
export function dialectOver(
  database: RawDatabase | (() => Promise<RawDatabase>),
  how: "begin" | "begin immediate",
): Dialect {
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
