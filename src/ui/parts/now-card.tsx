/** The game that is being played, and what a host can do with it. */
import { useSignal } from "@preact/signals"
import { isHost } from "../account.ts"
import { minutesSince } from "../clock.ts"
import { t } from "../look.ts"
import type { NightGame } from "../night.ts"
import { rowPath, setPlayerCount, setRoomCode, setStatus } from "../tonight.ts"
import { useAction } from "../trouble.ts"
import { errorOf, Field, Stepper, Trouble } from "./form.tsx"
import { Icon } from "./icons.tsx"
import { LastVote, Tally } from "./tally.tsx"
import { removeLater } from "./toasts.tsx"

export function NowCard({ game }: { game: NightGame }) {
  const texts = t.value
  return (
    <section class="now card" aria-labelledby="now">
      <p class="eyebrow">
        <span>{texts.tonight.now}</span>
        <span>{texts.tonight.minutesIn(minutesSince(game.played_at))}</span>
      </p>
      <h2 id="now">{game.title}</h2>
      <p class="soft">
        {game.pack_name} · {texts.seats(game.min_players, game.max_players)}
      </p>
      <Tally {...game} />
      <LastVote game={game} />
      {isHost.value ? <Controls game={game} key={game.row} /> : <RoomCode code={game.room_code} />}
    </section>
  )
}

const RoomCode = ({ code }: { code: string | null }) =>
  code ? (
    <dl class="code">
      <dt>{t.value.tonight.roomCode}</dt>
      <dd>{code}</dd>
    </dl>
  ) : null

function Controls({ game }: { game: NightGame }) {
  const { tonight } = t.value
  const action = useAction()
  const { row } = game
  const off = action.busy.value || row === null
  const mark = (status: NightGame["status"]) =>
    action.run(async () => row !== null && (await setStatus(row, status)))
  const takeOut = () => {
    if (row === null) return
    removeLater(tonight.removed(game.title), rowPath(row))
  }
  return (
    <>
      <div class="facts">
        <CodeField game={game} key={game.room_code} />
        <Stepper
          label={tonight.players}
          value={game.player_count}
          empty="–"
          least={1}
          most={1000}
          start={game.min_players}
          onChange={(count) => action.run(async () => row !== null && (await setPlayerCount(row, count)))}
        />
      </div>
      <Trouble action={action} />
      <div class="actions">
        <button type="button" disabled={off} onClick={() => mark("played")}>
          <Icon name="check" />
          {tonight.done}
        </button>
        <button type="button" disabled={off} onClick={() => mark("skipped")}>
          <Icon name="skip" />
          {tonight.skip}
        </button>
        <button
          type="button"
          class="icon-only"
          aria-label={`${tonight.remove}: ${game.title}`}
          title={tonight.remove}
          disabled={off}
          onClick={takeOut}
        >
          <Icon name="remove" />
        </button>
      </div>
    </>
  )
}

/** Kept when the field is left, as people expect of a code they read off a screen. */
function CodeField({ game: { row, room_code } }: { game: NightGame }) {
  const { tonight } = t.value
  const text = useSignal(room_code ?? "")
  const action = useAction()
  const save = () => {
    if (row === null || text.value.trim() === (room_code ?? "")) return
    void action.run(() => setRoomCode(row, text.value))
  }
  return (
    <form
      class="code-field"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Field
        label={tonight.roomCode}
        value={text.value}
        placeholder={tonight.noCode}
        maxLength={16}
        autoComplete="off"
        autoCapitalize="characters"
        spellcheck={false}
        enterkeyhint="done"
        error={errorOf(action, "room_code")}
        onInput={(value) => {
          text.value = value.toUpperCase()
        }}
        onBlur={save}
      />
      <Trouble action={action} fields={["room_code"]} />
    </form>
  )
}
