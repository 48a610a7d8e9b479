/** Hono's router over the route table: a path is looked up by its text, or compared part by part. */

import type { Params, Router } from "hono/router"
import type { H, RouterRoute } from "hono/types"

type Target = [H, RouterRoute]

export type RouteTable = Router<Target> & {
  /** The methods that a path knows. */
  methodsOf(path: string): string[]
}

/** Paths may have names behind colons; one without goes before them. */
export function createRouteTable(routes: readonly RouterRoute[]): RouteTable {
  // Made by the first request, so that a start does not wait for it.
  let exact: Map<string, RouterRoute> | undefined
  const patterns: { route: RouterRoute; parts: string[] }[] = []

  function index(): Map<string, RouterRoute> {
    exact = new Map()
    for (const route of routes) {
      const { method, path } = route
      if (path.includes(":")) patterns.push({ route, parts: path.split("/") })
      else exact.set(`${method} ${path}`, route)
    }
    return exact
  }

  function find(method: string, path: string): [Target, Params] | undefined {
    const known = (exact ?? index()).get(`${method} ${path}`)
    if (known) return [[known.handler, known], {}]
    const given = path.split("/")
    const found = patterns.find(({ route, parts }) => route.method === method && fits(parts, given))
    return found && [[found.route.handler, found.route], paramsIn(found.parts, given)]
  }

  return {
    name: "RouteTable",
    add(method, path) {
      throw new Error(`Cannot add ${method} ${path}: the route table has every route`)
    },
    match(method, path) {
      const found = find(method, path)
      return [found ? [found] : []]
    },
    methodsOf(path) {
      const given = path.split("/")
      const fitting = routes.filter((route) => fits(route.path.split("/"), given))
      // A name such as "active" is no id, though it stands where one may.
      const named = fitting.filter((route) => route.path === path)
      return (named.length > 0 ? named : fitting).map(({ method }) => method)
    },
  }
}

/** A name takes any part that is not empty. */
const fits = (parts: readonly string[], given: readonly string[]): boolean =>
  parts.length === given.length &&
  parts.every((part, at) => (part.startsWith(":") ? given[at] !== "" : part === given[at]))

/** As they stand in the path; Hono decodes them. */
function paramsIn(parts: readonly string[], given: readonly string[]): Params {
  const params: Params = {}
  for (const [at, part] of parts.entries()) if (part.startsWith(":")) params[part.slice(1)] = given[at] ?? ""
  return params
}
