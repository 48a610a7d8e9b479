/** Chance that can be had again: the same seed makes the same choices. */

export type Random = {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  /** True in `share` of all cases. */
  chance(share: number): boolean
  /** One of these; there must be one. */
  pick<T>(options: readonly T[]): T
}

/** The generator mulberry32 by Tommy Ettinger (public domain): 32 bits of state, good enough to choose by. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (share) => next() < share,
    pick(options) {
      const picked = options[Math.floor(next() * options.length)]
      if (picked === undefined) throw new Error("Cannot pick one of nothing")
      return picked
    },
  }
}

/** The seed of a run: the one of `TORTURE_SEED`, else a new one. */
export const newSeed = (): number => Number(process.env.TORTURE_SEED) || Math.floor(Math.random() * 1e9)
