/** The game that chance chose: its odds, why it fits, and what to do with it. */
import type { Game } from "../../games.ts"
import type { Picked } from "../../picks.ts"
import { isHost } from "../account.ts"
import { add, ballot, has, MOST } from "../ballot.ts"
import { night, session } from "../live.ts"
import { t } from "../look.ts"
import { go } from "../route.ts"
import { playGame, setNext } from "../tonight.ts"
import { useAction } from "../trouble.ts"
import { type Fact, factsOf, type Wish } from "../wish.ts"
import { Trouble } from "./form.tsx"
import { Icon } from "./icons.tsx"

export function Rolled({ picked, wish }: { picked: Picked; wish: Wish }) {
  const texts = t.value
  const { pick, locale } = texts
  const { game, poolSize, totalEnabled, probability } = picked
  const chance = probability.toLocaleString(locale, { style: "percent", maximumFractionDigits: 1 })
  return (
    <section class="card rolled" aria-labelledby="rolled">
      <p class="eyebrow">
        <span>{pick.odds(chance, Math.round(1 / probability))}</span>
        <span>{pick.pool(poolSize, totalEnabled)}</span>
      </p>
      <h2 id="rolled">{game.title}</h2>
      <p class="soft">
        {game.pack_name} · {texts.seats(game.min_players, game.max_players)}
      </p>
      <ul class="reasons">
        {factsOf(game, wish).map((fact) => (
          <li key={fact.kind}>
            <Icon name="check" />
            {inWords(fact)}
          </li>
        ))}
      </ul>
      {isHost.value && session.value ? (
        <Decide game={game} />
      ) : (
        <p class="soft">{isHost.value ? pick.startFirst : pick.onlyHosts}</p>
      )}
    </section>
  )
}

export function inWords(fact: Fact): string {
  const { facts } = t.value.pick
  switch (fact.kind) {
    case "seats":
      return facts.seats(fact.game.min_players, fact.game.max_players, fact.people)
    case "audience":
      return facts.audience(fact.game.max_players, fact.more)
    case "minutes":
      return facts.minutes(fact.minutes)
    default:
      return facts[fact.kind]
  }
}

function Decide({ game }: { game: Game }) {
  const { pick, poll } = t.value
  const { id: gameId } = game
  const action = useAction()
  const isNext = night.value?.selection?.game_id === gameId
  return (
    <>
      <div class="actions">
        <button
          type="button"
          class="primary"
          disabled={action.busy.value}
          onClick={() => action.run(() => playGame(gameId, "dice")).then((done) => done && go("/"))}
        >
          <Icon name="play" />
          {pick.play}
        </button>
        <button
          type="button"
          disabled={action.busy.value || isNext}
          onClick={() => action.run(() => setNext(gameId, "dice"))}
        >
          <Icon name={isNext ? "check" : "lock"} />
          {isNext ? pick.locked : pick.lock}
        </button>
        <button
          type="button"
          disabled={has(game) || ballot.value.length >= MOST}
          onClick={() => add({ game })}
        >
          <Icon name={has(game) ? "check" : "stream"} />
          {has(game) ? poll.isPut : poll.put}
        </button>
      </div>
      <Trouble action={action} />
    </>
  )
}
