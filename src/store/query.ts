/** Queries whose SQL is made once: on the hot path, making it would cost more than carrying it out. */
import type { Compilable, Kysely } from "kysely"
import type { RawDatabase } from "./folder.ts"
import type { Database } from "./schema.ts"

/** A query over values that are named; each run binds its own. */
export type Query<P extends object, R> = {
  sqlOf(db: Kysely<Database>): Compiled<P>
  /** Only a type: what a row is. */
  readonly row?: R
}

type Compiled<P> = { sql: string; order: readonly (keyof P)[] }

/** Carries a query out inside the transaction. A database in another process may let wait for its rows. */
export type Run = <P extends object, R>(query: Query<P, R>, values: P) => readonly R[] | Promise<readonly R[]>

/** What stands in a query for a value until it is run. */
class Place {
  readonly name: PropertyKey
  constructor(name: PropertyKey) {
    this.name = name
  }
}

/** `build` says where each value goes; every one of its parameters must be one of them. */
export const query =
  <P extends object>() =>
  <R>(
    build: (db: Kysely<Database>, value: <K extends keyof P>(name: K) => P[K]) => Compilable<R>,
  ): Query<P, R> => {
    let compiled: Compiled<P> | undefined
    return {
      sqlOf(db) {
        compiled ??= compile<P>(build(db, (name) => new Place(name) as never))
        return compiled
      },
    }
  }

function compile<P extends object>(built: Compilable): Compiled<P> {
  const { sql, parameters } = built.compile()
  const order = parameters.map((parameter) => {
    if (parameter instanceof Place) return parameter.name as keyof P
    throw new Error(`Cannot prepare a query: it binds ${String(parameter)} whatever it is run with: ${sql}`)
  })
  return { sql, order }
}

/** Runs queries on one connection, whatever transaction it is in. */
export const runOver =
  (raw: RawDatabase, db: Kysely<Database>): Run =>
  <P extends object, R>(query: Query<P, R>, values: P) => {
    const { sql, order } = query.sqlOf(db)
    const statement = raw.prepare(sql)
    const bound = order.map((name) => values[name])
    if (statement.reader) return statement.all(bound) as R[]
    statement.run(bound)
    return []
  }
