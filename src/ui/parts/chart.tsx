/** How the votes of a night added up over time, with the games beneath. Plain SVG. */
import type { SessionGame } from "../../session-games.ts"
import { timeOfDay } from "../clock.ts"
import { t } from "../look.ts"
import { curveOf, type PastNight, type Point } from "../past.ts"

const WIDTH = 720
const HEIGHT = 240
const FLOOR = 208
const TOP = 16
const POINTS = 240
/** Numbers of games that are nearer would run into each other. */
const APART = 32

export function Chart({ night: { session, games, votes } }: { night: PastNight }) {
  const { history, tonight } = t.value
  if (votes.length === 0) return <p class="soft">{history.noVotes}</p>
  const points = curveOf(votes, POINTS)
  const last = points.at(-1) ?? { at: 0, up: 0, down: 0 }
  const begin = Date.parse(session.created_at)
  const end = Math.max(last.at, Date.parse(session.closed_at ?? "") || 0, begin + 60_000)
  const most = Math.max(last.up, last.down, 1)
  const x = (at: number) => Math.min(WIDTH, Math.max(0, ((at - begin) / (end - begin)) * WIDTH))
  const y = (votesThen: number) => FLOOR - (votesThen / most) * (FLOOR - TOP)
  const line = (of: (point: Point) => number) =>
    `M0 ${FLOOR}${points.map((point) => `H${x(point.at).toFixed(1)}V${y(of(point)).toFixed(1)}`).join("")}H${WIDTH}`
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={history.chart(last.up, last.down)}>
        {games.map((game, at) => {
          const [from = 0, before = -APART] = [game, games[at - 1]].map(
            (one) => one && x(Date.parse(one.played_at)),
          )
          return <Band key={game.id} game={game} nth={from - before < APART ? "" : at + 1} from={from} />
        })}
        <path class="axis" d={`M0 ${FLOOR}H${WIDTH}`} />
        <path class="line down" d={line(({ down }) => down)} />
        <path class="line up" d={line(({ up }) => up)} />
      </svg>
      <figcaption>
        <time>{timeOfDay(begin)}</time>
        <span>
          <b class="up">
            {last.up} {tonight.up}
          </b>{" "}
          ·{" "}
          <b class="down">
            {last.down} {tonight.down}
          </b>
        </span>
        <time>{timeOfDay(end)}</time>
      </figcaption>
    </figure>
  )
}

/** `nth` is empty where there is no room for it. */
const Band = ({ game, nth, from }: { game: SessionGame; nth: number | ""; from: number }) => (
  <g class="band">
    <title>{game.title}</title>
    <path d={`M${from.toFixed(1)} 0V${FLOOR}`} />
    <text x={from + 4} y={FLOOR + 24}>
      {nth}
    </text>
  </g>
)
