/**
 * The picture over a stream. Transparent, and set up by its address:
 * `?theme=dark|light|plain&scale=1.5&at=bottom-left&show=game,code,votes,poll&preview`.
 */
import { current, night } from "../live.ts"
import { t } from "../look.ts"
import type { NightGame, Poll } from "../night.ts"
import { Options, TimeLeft } from "../parts/options.tsx"
import { Tally } from "../parts/tally.tsx"

const PARTS = ["game", "code", "votes", "poll"] as const
type Part = (typeof PARTS)[number]

const PLACES = ["top-left", "top-right", "bottom-left", "bottom-right", "bottom"] as const

const asked = new URLSearchParams(location.search)
const scale = Math.min(4, Math.max(0.5, Number(asked.get("scale") ?? 1) || 1))
const place = PLACES.find((one) => one === asked.get("at")) ?? "bottom-left"
const shown = new Set<Part>(
  PARTS.filter((part) => !asked.has("show") || asked.get("show")?.split(",").includes(part)),
)
const isPlain = asked.get("theme") === "plain"
document.documentElement.classList.toggle("preview", asked.has("preview"))

export function Overlay() {
  const game = current.value
  const { poll } = night.value ?? {}
  return (
    <main class={`over ${place} ${isPlain ? "plain" : ""}`} style={{ fontSize: `${scale}rem` }}>
      {poll && shown.has("poll") && <PollBox poll={poll} />}
      {game && <GameBox game={game} key={game.played_at} />}
    </main>
  )
}

function GameBox({ game }: { game: NightGame }) {
  const { tonight } = t.value
  if (!shown.has("game") && !shown.has("code") && !shown.has("votes")) return null
  return (
    <section class="box">
      {shown.has("game") && (
        <>
          <p class="eyebrow">{tonight.now}</p>
          <h1>{game.title}</h1>
        </>
      )}
      {shown.has("code") && game.room_code && (
        <dl class="code">
          <dt>{tonight.roomCode}</dt>
          <dd>{game.room_code}</dd>
        </dl>
      )}
      {shown.has("votes") && <Tally {...game} />}
    </section>
  )
}

const PollBox = ({ poll }: { poll: Poll }) => (
  <section class="box">
    <h2>
      {t.value.poll.next} <TimeLeft endsAt={poll.ends_at} />
    </h2>
    <Options poll={poll} />
  </section>
)
