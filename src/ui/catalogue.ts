/** The catalogue as the pages know it, asked for when a page first needs it. */
import { computed, signal } from "@preact/signals"
import type { Game } from "../games.ts"
import type { Pack } from "../packs.ts"
import { stays } from "./leaving.ts"
import { requests } from "./live.ts"

const all = signal<readonly Game[] | undefined>(undefined)

export const gamePath = (id: number): string => `/api/games/${id}`

export const games = computed(() => all.value?.filter(({ id }) => stays(gamePath(id))))
export const packs = signal<readonly Pack[] | undefined>(undefined)

export async function loadPacks(): Promise<void> {
  packs.value = await requests.send<Pack[]>("GET", "/api/games/packs")
}

export async function loadGames(): Promise<void> {
  const [list] = await Promise.all([requests.send<Game[]>("GET", "/api/games"), loadPacks()])
  all.value = list
}

const put = (game: Game) => {
  all.value = all.value?.map((one) => (one.id === game.id ? game : one))
}

export async function enableGame(id: number, enabled: boolean): Promise<void> {
  put(await requests.send<Game>("PATCH", `/api/games/${id}/toggle`, { enabled }))
}

export async function favorGame(id: number, favor_bias: number): Promise<void> {
  put(await requests.send<Game>("PATCH", `/api/games/${id}/favor`, { favor_bias }))
}

export type GameFacts = Partial<Omit<Game, "id">>

export async function saveGame(id: number | undefined, facts: GameFacts): Promise<void> {
  if (id === undefined) await requests.send<Game>("POST", "/api/games", facts)
  else await requests.send<Game>("PUT", gamePath(id), facts)
  await loadGames()
}

export async function deleteGame(id: number): Promise<void> {
  await requests.send("DELETE", gamePath(id))
  await loadGames()
}

const packPath = (name: string, what: string) => `/api/games/packs/${encodeURIComponent(name)}/${what}`

async function changePack(name: string, what: string, body: object): Promise<void> {
  const pack = await requests.send<Pack>("PATCH", packPath(name, what), body)
  packs.value = packs.value?.map((one) => (one.name === pack.name ? pack : one))
}

export const ownPack = (name: string, owned: boolean) => changePack(name, "owned", { owned })
export const favorPack = (name: string, favor_bias: number) => changePack(name, "favor", { favor_bias })
