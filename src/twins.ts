/** Who has a ticker, and who has a title in a pack: one game each, whatever the case. */

/** Names are the same whatever their case. */
export const fold = (name: string): string => name.normalize("NFC").toLowerCase()

export type Names = { title: string; packs: readonly string[]; ticker?: string | null | undefined }

/** Looks among many games at once; `T` is how a game is told. */
export type Twins<T> = {
  /** The game with this ticker. */
  holding(ticker: string | null | undefined): T | undefined
  /** A game of this title in one of the packs. */
  like(title: string, packs: readonly string[]): T | undefined
  /** From now on this game has what nobody had before. */
  note(game: T, names: Names): void
}

export function createTwins<T>(): Twins<T> {
  const byTicker = new Map<string, T>()
  const byTitle = new Map<string, T>()
  const keysOf = (title: string, packs: readonly string[]) =>
    packs.map((pack) => `${fold(pack)}\n${fold(title)}`)
  return {
    holding: (ticker) => (ticker ? byTicker.get(fold(ticker)) : undefined),
    like(title, packs) {
      const key = keysOf(title, packs).find((one) => byTitle.has(one))
      return key === undefined ? undefined : byTitle.get(key)
    },
    note(game, { title, packs, ticker }) {
      for (const key of keysOf(title, packs)) if (!byTitle.has(key)) byTitle.set(key, game)
      if (ticker && !byTicker.has(fold(ticker))) byTicker.set(fold(ticker), game)
    },
  }
}
