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

type Compiled<P> = { sql: string; order: readonly (keyof P)[]; changes: boolean }

/** Queries on one connection, inside whatever transaction it is in. */
export type Queries = {
  /** The rows of a query, none of one that gives none. */
  run<P extends object, R>(query: Query<P, R>, values: P): readonly R[]
  /** Adds one row and gives its number. */
  insert<P extends object>(query: Query<P, unknown>, values: P): number
  /** How many queries changed something so far. */
  changes(): number
}

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
  const { sql, parameters, query } = built.compile()
  const order = parameters.map((parameter) => {
    if (parameter instanceof Place) return parameter.name as keyof P
    throw new Error(`Cannot prepare a query: it binds ${String(parameter)} whatever it is run with: ${sql}`)
  })
  return { sql, order, changes: query.kind !== "SelectQueryNode" }
}

export function queriesOver(raw: RawDatabase, db: Kysely<Database>): Queries {
  let changes = 0

  /** The statement of a query, and its values in their order. */
  function bind<P extends object>(query: Query<P, unknown>, values: P) {
    const compiled = query.sqlOf(db)
    if (compiled.changes) changes++
    return { statement: raw.prepare(compiled.sql), bound: compiled.order.map((name) => values[name]) }
  }

  return {
    run<P extends object, R>(query: Query<P, R>, values: P) {
      const { statement, bound } = bind(query, values)
      if (statement.reader) return statement.all(bound) as R[]
      statement.run(bound)
      return []
    },
    insert(query, values) {
      const { statement, bound } = bind(query, values)
      return Number(statement.run(bound).lastInsertRowid)
    },
    changes: () => changes,
  }
}
