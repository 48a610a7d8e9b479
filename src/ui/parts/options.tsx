/** The options of a poll with their votes, as bars; with `onChoose` each is a button. */
import { now } from "../clock.ts"
import { t } from "../look.ts"
import type { Poll } from "../night.ts"

/** What the service calls the option that it adds to its games. */
const OTHER = "Other"

type Props = {
  poll: Poll
  chosen?: number | undefined
  onChoose?: (position: number) => void
  busy?: boolean
}

export function Options({ poll, chosen, onChoose, busy = false }: Props) {
  const most = Math.max(1, ...poll.options.map(({ votes }) => votes))
  return (
    <ol class="options">
      {poll.options.map(({ position, label, votes, game_id }) => {
        const inside = (
          <>
            <i class="fill" style={{ transform: `scaleX(${votes / most})` }} />
            <b class="nth">{position}</b>
            <span>{label === OTHER && game_id === null ? t.value.poll.other : label}</span>
            <b>{votes}</b>
          </>
        )
        const leads = poll.leading === position ? "leads" : ""
        return (
          <li key={position} class={leads}>
            {onChoose ? (
              <button
                type="button"
                aria-pressed={chosen === position}
                disabled={busy}
                onClick={() => onChoose(position)}
              >
                {inside}
              </button>
            ) : (
              <div>{inside}</div>
            )}
          </li>
        )
      })}
    </ol>
  )
}

/** How long the poll still runs, where somebody said so. */
export function TimeLeft({ endsAt }: { endsAt: string | null }) {
  if (!endsAt) return null
  const seconds = Math.max(0, Math.round((Date.parse(endsAt) - now.value) / 1000))
  return <span class="time-left">{t.value.poll.left(seconds)}</span>
}
