/** The page of a phone: two large buttons for the game that is played, and the poll on the next one. */
import { useEffect } from "preact/hooks"
import { RequestError } from "../../client/request.ts"
import { current, isClosed, night, session } from "../live.ts"
import { t } from "../look.ts"
import type { NightGame, Poll } from "../night.ts"
import { Icon } from "../parts/icons.tsx"
import { Options, TimeLeft } from "../parts/options.tsx"
import { Tally } from "../parts/tally.tsx"
import { askWhetherPhonesVote, chooseIn, phonesVote, said, voteOn } from "../phone.ts"
import { sayWhy, useAction } from "../trouble.ts"

export function Vote() {
  const { phone, tonight, common } = t.value
  useEffect(() => void askWhetherPhonesVote().catch(() => {}), [])
  const game = current.value
  const poll = night.value?.poll
  const title = session.value?.notes?.split("\n")[0] || "gamenight"
  return (
    <main class="phone" id="main">
      <p class="eyebrow">
        <span>{session.value ? title : "gamenight"}</span>
        {game?.room_code && <span class="room">{game.room_code}</span>}
      </p>
      {isClosed.value && !night.value && <Note text={common.closed} />}
      {poll && <PollVote poll={poll} key={poll.id} />}
      {game ? (
        <GameVote game={game} key={game.played_at} />
      ) : (
        night.value &&
        !poll && (
          <Note
            text={night.value.ended ? phone.over : session.value ? tonight.idleGuest : tonight.noneGuest}
            title={session.value ? tonight.idle : night.value.ended ? undefined : tonight.none}
          />
        )
      )}
    </main>
  )
}

const Note = ({ text, title }: { text: string; title?: string | undefined }) => (
  <div class="empty">
    <p class="moon" aria-hidden="true">
      <Icon name="tonight" />
    </p>
    {title && <h1>{title}</h1>}
    <p class={title ? "soft" : "said"}>{text}</p>
  </div>
)

function GameVote({ game }: { game: NightGame }) {
  const { phone, tonight } = t.value
  const action = useAction()
  const round = `${session.value?.id} ${game.played_at}`
  const mine = said.value[round]
  const cast = (vote: "up" | "down") => action.run(() => voteOn(round, game.game_id, vote))
  const error = action.error.value
  return (
    <section class="game-vote" aria-labelledby="game">
      <p class="soft">{tonight.now}</p>
      <h1 id="game">{game.title}</h1>
      {phonesVote.value === false ? (
        <p class="soft">{phone.off}</p>
      ) : (
        <div class="thumbs">
          {(["up", "down"] as const).map((vote) => (
            <button
              type="button"
              key={vote}
              class={vote}
              aria-pressed={mine === vote}
              aria-label={phone[vote]}
              disabled={action.busy.value || phonesVote.value === undefined}
              onClick={() => cast(vote)}
            >
              <Icon name={vote} />
            </button>
          ))}
        </div>
      )}
      <p class="said" role="status">
        {error !== undefined ? (
          <span class="trouble">{inWords(error)}</span>
        ) : mine ? (
          phone.thanks
        ) : (
          phone.ask
        )}
      </p>
      <Tally {...game} />
    </section>
  )
}

function PollVote({ poll }: { poll: Poll }) {
  const { phone, poll: texts } = t.value
  const action = useAction()
  const mine = said.value[`poll ${poll.id}`]
  return (
    <section class="poll-vote" aria-labelledby="poll">
      <h2 id="poll">
        {texts.next} <TimeLeft endsAt={poll.ends_at} />
      </h2>
      <Options
        poll={poll}
        chosen={typeof mine === "number" ? mine : undefined}
        busy={action.busy.value}
        {...(phonesVote.value && { onChoose: (choice) => void action.run(() => chooseIn(poll.id, choice)) })}
      />
      <p class="said" role="status">
        {action.error.value !== undefined ? (
          <span class="trouble">{inWords(action.error.value)}</span>
        ) : mine ? (
          phone.thanks
        ) : (
          texts.ask
        )}
      </p>
    </section>
  )
}

/** What can happen to a phone: the next game has begun, or too many vote from one place. */
function inWords(error: unknown): string {
  const { phone } = t.value
  if (error instanceof RequestError && (error.status === 409 || error.status === 404)) return phone.tooLate
  return sayWhy(error)
}
