/** One game of the catalogue; opened, it can be changed. */
import { useSignal } from "@preact/signals"
import type { Game } from "../../games.ts"
import { isHost } from "../account.ts"
import { enableGame, favorGame } from "../catalogue.ts"
import { session } from "../live.ts"
import { t } from "../look.ts"
import { go } from "../route.ts"
import { playGame } from "../tonight.ts"
import { useAction } from "../trouble.ts"
import { Favor } from "./favor.tsx"
import { Switch, Trouble } from "./form.tsx"
import { GameForm } from "./game-form.tsx"
import { Icon } from "./icons.tsx"
import { Score } from "./tally.tsx"

export function GameLine({ game }: { game: Game }) {
  const texts = t.value
  const open = useSignal(false)
  const facts = [
    texts.seats(game.min_players, game.max_players),
    game.length_minutes && texts.minutes(game.length_minutes),
    game.ticker,
  ]
  return (
    <li class={`game ${game.enabled ? "" : "off"}`}>
      <button
        type="button"
        class="quiet game-title"
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      >
        <span class="what">
          <b>{game.title}</b>
          <small>
            {!game.enabled && `${texts.catalogue.off} · `}
            {facts.filter(Boolean).join(" · ")}
          </small>
        </span>
        <Score {...game} />
      </button>
      {open.value && <Opened game={game} />}
    </li>
  )
}

function Opened({ game }: { game: Game }) {
  const { catalogue, pick, tonight } = t.value
  const editing = useSignal(false)
  const action = useAction()
  if (editing.value) return <GameForm game={game} done={() => (editing.value = false)} />
  return (
    <div class="opened">
      <p class="soft">
        {catalogue.played(game.play_count)} · {tonight.tally(game.upvotes, game.downvotes)}
        {game.game_type !== "Unknown" && ` · ${game.game_type}`}
      </p>
      {isHost.value && (
        <>
          <div class="pack-words">
            <Switch
              label={catalogue.enabled}
              on={game.enabled === 1}
              onChange={(on) => void action.run(() => enableGame(game.id, on))}
            />
            <Favor
              of={game.title}
              value={game.favor_bias}
              onChange={(bias) => void action.run(() => favorGame(game.id, bias))}
            />
          </div>
          <div class="actions">
            {session.value && (
              <button
                type="button"
                class="primary"
                onClick={() => action.run(() => playGame(game.id, "manual")).then((done) => done && go("/"))}
              >
                <Icon name="play" />
                {pick.play}
              </button>
            )}
            <button
              type="button"
              aria-label={`${catalogue.edit}: ${game.title}`}
              onClick={() => (editing.value = true)}
            >
              <Icon name="edit" />
              {catalogue.edit}
            </button>
          </div>
        </>
      )}
      <Trouble action={action} />
    </div>
  )
}
