/** Votes for and against, as numbers and as one bar. */
import { night } from "../live.ts"
import { t } from "../look.ts"
import type { NightGame } from "../night.ts"
import { Icon } from "./icons.tsx"

type Votes = { upvotes: number; downvotes: number }

export function Tally({ upvotes, downvotes }: Votes) {
  const { tonight } = t.value
  const all = upvotes + downvotes
  return (
    <div class="tally" role="img" aria-label={all > 0 ? tonight.tally(upvotes, downvotes) : tonight.noVotes}>
      <b class="up">
        <Icon name="up" />
        {upvotes}
      </b>
      <span class="bar">
        <i class="up" style={{ transform: `scaleX(${all > 0 ? upvotes / all : 0})` }} />
        <i class="down" style={{ transform: `scaleX(${all > 0 ? downvotes / all : 0})` }} />
      </span>
      <b class="down">
        {downvotes}
        <Icon name="down" />
      </b>
    </div>
  )
}

/** Who voted last; its line is there before anybody did. */
export function LastVote({ game }: { game: NightGame }) {
  const last = night.value?.lastVote
  if (last?.game_id !== game.game_id) return <p class="last-vote"> </p>
  return (
    <p class="last-vote said-now" key={last.nth}>
      {t.value.tonight.lastVote(last.username, last.type === "up")}
    </p>
  )
}

/** A tally in a line of a list. */
export const Score = ({ upvotes, downvotes }: Votes) => {
  const net = upvotes - downvotes
  const sign = net > 0 ? "+" : net < 0 ? "\u2212" : ""
  return (
    <span
      class={`score ${net > 0 ? "up" : net < 0 ? "down" : ""}`}
      title={t.value.tonight.tally(upvotes, downvotes)}
    >
      {upvotes + downvotes === 0 ? "–" : `${sign}${Math.abs(net)}`}
    </span>
  )
}
