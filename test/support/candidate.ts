/** A game as the picker sees it. */
import type { Candidate } from "../../src/picker.ts"

let ids = 0
/** One that fits everywhere, but for what a test says of it. */
export const candidate = (more: Partial<Candidate> = {}): Candidate => ({
  id: ++ids,
  pack_name: "A pack",
  pack_names: ["A pack"],
  title: `Game ${ids}`,
  min_players: 3,
  max_players: 8,
  length_minutes: 20,
  has_audience: 0,
  family_friendly: 0,
  game_type: "Writing",
  secondary_type: null,
  ticker: null,
  play_count: 0,
  popularity_score: 0,
  upvotes: 0,
  downvotes: 0,
  enabled: 1,
  favor_bias: 0,
  created_at: "2025-11-01T20:00:00.000Z",
  pack_favor: 0,
  owned: true,
  played_ago: undefined,
  ...more,
})
