/** What was played tonight, the newest first. */
import { isHost } from "../account.ts"
import { timeOfDay } from "../clock.ts"
import { night } from "../live.ts"
import { t } from "../look.ts"
import type { NightGame } from "../night.ts"
import { rowPath, setStatus } from "../tonight.ts"
import { useAction } from "../trouble.ts"
import { Trouble } from "./form.tsx"
import { Icon } from "./icons.tsx"
import { Score } from "./tally.tsx"
import { removeLater } from "./toasts.tsx"

export function Setlist() {
  const games = (night.value?.games ?? []).filter(({ status }) => status !== "playing").toReversed()
  if (games.length === 0) return null
  return (
    <section aria-labelledby="setlist">
      <h2 id="setlist" class="section">
        {t.value.tonight.setlist}
      </h2>
      <ol class="rows" reversed>
        {games.map((game) => (
          <Line game={game} key={game.row ?? game.played_at} />
        ))}
      </ol>
    </section>
  )
}

function Line({ game }: { game: NightGame }) {
  const { tonight } = t.value
  const action = useAction()
  const { row } = game
  return (
    <li>
      <time dateTime={game.played_at}>{timeOfDay(game.played_at)}</time>
      <span class="what">
        <b>{game.title}</b>
        <small>
          {game.status === "skipped" ? tonight.skipped : game.pack_name}
          {game.room_code && ` · ${game.room_code}`}
        </small>
        <Trouble action={action} />
      </span>
      <Score {...game} />
      {isHost.value && row !== null && (
        <span class="line-actions">
          <button
            type="button"
            class="quiet icon-only"
            aria-label={`${tonight.again}: ${game.title}`}
            title={tonight.again}
            onClick={() => action.run(() => setStatus(row, "playing"))}
          >
            <Icon name="play" />
          </button>
          <button
            type="button"
            class="quiet icon-only"
            aria-label={`${tonight.remove}: ${game.title}`}
            title={tonight.remove}
            onClick={() => removeLater(tonight.removed(game.title), rowPath(row))}
          >
            <Icon name="remove" />
          </button>
        </span>
      )}
    </li>
  )
}
