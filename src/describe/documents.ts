/** The documents and their page as build.ts embeds them. */
import { readConfig } from "../config.ts"
import type { EmbeddedFile } from "../embed/assets.ts"
import { routeTable } from "../http/app.ts"
import type { Deps, Route } from "../http/context.ts"
import { asyncApi } from "./asyncapi.ts"
import { openApi } from "./openapi.ts"
import { docsPage, PAGE_POLICY } from "./page.ts"

/** Every route of the service. None is called, so that settings are all they need. */
export const routes = (): readonly Route[] => routeTable({ config: readConfig({}, {}, String) } as Deps)

export async function documents(version: string): Promise<EmbeddedFile[]> {
  const http = await openApi(routes(), version)
  const socket = asyncApi(version)
  return [
    { path: "/api/openapi.json", content: JSON.stringify(http) },
    { path: "/api/asyncapi.json", content: JSON.stringify(socket) },
    { path: "/docs", content: docsPage(http, socket), policy: PAGE_POLICY },
  ]
}
