/** Adding a game, or changing what the catalogue says of one. */
import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import type { Game } from "../../games.ts"
import { deleteGame, type GameFacts, games, saveGame } from "../catalogue.ts"
import { t } from "../look.ts"
import { useAction } from "../trouble.ts"
import { errorOf, Field, Switch, Trouble } from "./form.tsx"
import { later } from "./toasts.tsx"

type Draft = Record<
  "title" | "pack_name" | "min_players" | "max_players" | "length_minutes" | "game_type" | "ticker",
  string
> & {
  family_friendly: boolean
  has_audience: boolean
}

const draftOf = (game: Game | undefined): Draft => ({
  title: game?.title ?? "",
  pack_name: game?.pack_name ?? "",
  min_players: String(game?.min_players ?? 3),
  max_players: String(game?.max_players ?? 8),
  length_minutes: String(game?.length_minutes ?? ""),
  game_type: game?.game_type ?? "",
  ticker: game?.ticker ?? "",
  family_friendly: game?.family_friendly === 1,
  has_audience: game?.has_audience === 1,
})

const numberIn = (text: string): number | string => (/^\d+$/.test(text.trim()) ? Number(text) : text)

/** What the draft says; the service checks it and names each field that is wrong. */
function factsOf(draft: Draft): Record<string, unknown> {
  const { min_players, max_players, length_minutes, game_type, ticker, ...rest } = draft
  return {
    ...rest,
    min_players: numberIn(min_players),
    max_players: numberIn(max_players),
    length_minutes: length_minutes.trim() === "" ? null : numberIn(length_minutes),
    ticker: ticker.trim() === "" ? null : ticker,
    ...(game_type.trim() !== "" && { game_type }),
  }
}

const TEXTS = [
  "title",
  "pack_name",
  "min_players",
  "max_players",
  "length_minutes",
  "game_type",
  "ticker",
] as const
const NUMBERS: readonly string[] = ["min_players", "max_players", "length_minutes"]

export function GameForm({ game, done }: { game?: Game; done: () => void }) {
  const { catalogue, common } = t.value
  const draft = useSignal(draftOf(game))
  const action = useAction()
  const put = (more: Partial<Draft>) => {
    draft.value = { ...draft.value, ...more }
  }
  const save = () => saveGame(game?.id, factsOf(draft.value) as GameFacts)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector("input")?.focus(), [])
  return (
    <form
      ref={form}
      class="card game-form"
      onSubmit={(event) => {
        event.preventDefault()
        void action.run(save).then((saved) => saved && done())
      }}
    >
      {TEXTS.map((field) => (
        <Field
          key={field}
          label={catalogue.fields[field]}
          value={draft.value[field]}
          {...(NUMBERS.includes(field) && { inputMode: "numeric" as const })}
          error={errorOf(action, field)}
          onInput={(value) => put({ [field]: value })}
        />
      ))}
      <Switch
        label={catalogue.fields.family_friendly}
        on={draft.value.family_friendly}
        onChange={(family_friendly) => put({ family_friendly })}
      />
      <Switch
        label={catalogue.fields.has_audience}
        on={draft.value.has_audience}
        onChange={(has_audience) => put({ has_audience })}
      />
      <Trouble action={action} fields={TEXTS} />
      <div class="actions">
        <button type="submit" class="primary" disabled={action.busy.value}>
          {common.save}
        </button>
        <button type="button" onClick={done}>
          {common.cancel}
        </button>
        {game && <Delete game={game} />}
      </div>
    </form>
  )
}

/** Gone from the list at once, and from the catalogue once nobody undid it. */
function Delete({ game }: { game: Game }) {
  const { catalogue } = t.value
  const remove = () => {
    const before = games.value
    games.value = before?.filter(({ id }) => id !== game.id)
    later(
      catalogue.deleted(game.title),
      () => deleteGame(game.id),
      () => {
        games.value = before
      },
    )
  }
  return (
    <button type="button" class="danger" onClick={remove}>
      {catalogue.delete}
    </button>
  )
}
