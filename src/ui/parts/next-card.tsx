/** What comes next: the game the hosts agreed on, and the poll that may choose it. */
import { isHost } from "../account.ts"
import { night } from "../live.ts"
import { t } from "../look.ts"
import type { Selection } from "../night.ts"
import { dismissNext, playGame } from "../tonight.ts"
import { useAction } from "../trouble.ts"
import { Trouble } from "./form.tsx"
import { Icon } from "./icons.tsx"
import { PollCard } from "./poll-card.tsx"

export function NextCard() {
  const { poll, result, selection } = night.value ?? {}
  const { pick, tonight, poll: texts } = t.value
  return (
    <section class="card next" aria-labelledby="next">
      <h2 id="next" class="card-title">
        {pick.locked}
      </h2>
      {selection && <Agreed selection={selection} key={selection.game_id} />}
      {!poll && result && (
        <p class="soft">
          {texts.won(result.label)} · {texts.result(result.votes, result.total, result.tie)}
        </p>
      )}
      {isHost.value && !selection && !poll && (
        <a class="button primary wide" href="/pick">
          <Icon name="pick" />
          {tonight.next}
        </a>
      )}
      {!isHost.value && !selection && !poll && <p class="soft">{tonight.idleGuest}</p>}
      <PollCard />
    </section>
  )
}

function Agreed({ selection }: { selection: Selection }) {
  const { pick, tonight } = t.value
  const action = useAction()
  const { title, pack_name, picked_by, source, game_id } = selection
  return (
    <>
      <p class="next-game">
        <b>{title}</b>
        <small>
          {pack_name}
          {picked_by && ` · ${tonight.pickedBy(picked_by)}`}
        </small>
      </p>
      {isHost.value && (
        <div class="actions">
          <button
            type="button"
            class="primary"
            disabled={action.busy.value}
            onClick={() => action.run(() => playGame(game_id, source))}
          >
            <Icon name="play" />
            {pick.play}
          </button>
          <button type="button" disabled={action.busy.value} onClick={() => action.run(dismissNext)}>
            <Icon name="remove" />
            {pick.unlock}
          </button>
        </div>
      )}
      <Trouble action={action} />
    </>
  )
}
