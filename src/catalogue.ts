export type CatalogueGame = {
  key: string
  title: string
  packs: readonly [string, ...string[]]
  min_players: number
  max_players: number
  length_minutes: number | null
  has_audience: 0 | 1
  family_friendly: 0 | 1
  game_type: string
  secondary_type: string | null
  ticker: string
  enabled: 0 | 1
}
export const CATALOGUE_VERSION = 1
export const catalogue: readonly CatalogueGame[] = [
  {
    key: "quiplash-3",
    title: "Quiplash 3",
    packs: ["The Jackbox Party Pack 7"],
    min_players: 3,
    max_players: 8,
    length_minutes: 18,
    has_audience: 1,
    family_friendly: 1,
    game_type: "Writing",
    secondary_type: null,
    ticker: "QPL3",
    enabled: 1,
  },
]
