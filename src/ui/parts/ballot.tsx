/** A poll before it begins: which games and answers stand in it, and when it ends. */
import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import { add, ask, ballot, draw, type Entry, has, LEAST, MOST, other, seconds, take } from "../ballot.ts"
import { games, loadGames } from "../catalogue.ts"
import { night, session } from "../live.ts"
import { t } from "../look.ts"
import { go } from "../route.ts"
import { type Action, useAction } from "../trouble.ts"
import { Choices, errorOf, Field, Switch, Trouble } from "./form.tsx"
import { Icon } from "./icons.tsx"
import { PollCard } from "./poll-card.tsx"

export function Ballot() {
  const { poll: texts, pick } = t.value
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    if (new URLSearchParams(location.search).has("poll")) section.current?.scrollIntoView()
  }, [])
  return (
    <section ref={section} class="vote" aria-labelledby="ballot">
      <h2 id="ballot" class="section">
        {texts.title}
      </h2>
      <div class="card ballot">
        {night.value?.poll ? <PollCard /> : session.value ? <Draft /> : <p class="soft">{pick.pollLater}</p>}
      </div>
    </section>
  )
}

function Draft() {
  const { poll: texts } = t.value
  const action = useAction()
  const drawing = useAction()
  const isShort = ballot.value.length > 0 && ballot.value.length < LEAST
  return (
    <>
      <p class="soft">{ballot.value.length === 0 ? texts.empty : texts.lead}</p>
      {ballot.value.length > 0 && (
        <ol class="rows entries">
          {ballot.value.map((entry, at) => (
            <Line key={"game" in entry ? entry.game.id : `answer ${at}`} {...{ entry, at, action }} />
          ))}
        </ol>
      )}
      {ballot.value.length < MOST && <Search />}
      <button
        type="button"
        disabled={drawing.busy.value || ballot.value.length >= MOST}
        onClick={() => void drawing.run(draw)}
      >
        <Icon name="pick" />
        {texts.draw}
      </button>
      <Trouble action={drawing} />
      <Switch
        label={texts.mayAskOther}
        on={other.value}
        onChange={(on) => {
          other.value = on
        }}
      />
      <End action={action} />
      <Trouble action={action} fields={["seconds", ...ballot.value.map((_, at) => `options.${at}`)]} />
      <button
        type="button"
        class="primary wide"
        disabled={action.busy.value || isShort}
        onClick={() => void action.run(ask).then((done) => done && go("/"))}
      >
        <Icon name="stream" />
        {texts.start}
      </button>
      {isShort && <p class="soft">{texts.oneMore}</p>}
    </>
  )
}

function Line({ entry, at, action }: { entry: Entry; at: number; action: Action }) {
  const texts = t.value
  const label = "game" in entry ? entry.game.title : entry.answer
  const note =
    "game" in entry
      ? `${entry.game.pack_name} · ${texts.seats(entry.game.min_players, entry.game.max_players)}`
      : texts.poll.ownAnswer
  const error = errorOf(action, `options.${at}`)
  return (
    <li>
      <b class="nth">{at + 1}</b>
      <span class="what">
        <b>{label}</b>
        <small>{note}</small>
        {error && (
          <small class="trouble" role="alert">
            {error}
          </small>
        )}
      </span>
      <button
        type="button"
        class="quiet icon-only"
        aria-label={`${texts.tonight.remove}: ${label}`}
        title={texts.tonight.remove}
        onClick={() => take(entry)}
      >
        <Icon name="remove" />
      </button>
    </li>
  )
}

const MOST_FOUND = 5

/** What begins with the words goes before what holds them. */
function found(words: string): Entry[] {
  const wanted = words.toLocaleLowerCase()
  const hits = (games.value ?? []).filter(
    (game) => !has(game) && game.title.toLocaleLowerCase().includes(wanted),
  )
  const begins = ({ title }: { title: string }) => (title.toLocaleLowerCase().startsWith(wanted) ? 0 : 1)
  return hits
    .sort((a, b) => begins(a) - begins(b))
    .slice(0, MOST_FOUND)
    .map((game) => ({ game }))
}

function Search() {
  const { poll: texts } = t.value
  const words = useSignal("")
  const loading = useAction()
  const text = words.value.trim()
  const hits: Entry[] = text === "" ? [] : [...found(text), { answer: text }]
  const choose = (entry: Entry | undefined) => {
    if (!entry) return
    add(entry)
    words.value = ""
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        // While the games are on their way nobody knows whether it is one of them.
        if (games.value) choose(hits[0])
      }}
    >
      <Field
        label={texts.search}
        type="search"
        value={words.value}
        maxLength={120}
        autoComplete="off"
        enterkeyhint="done"
        onInput={(value) => {
          words.value = value
          if (!games.value) void loading.run(loadGames)
        }}
      />
      <Trouble action={loading} />
      {hits.length > 0 && (
        <ul class="hits">
          {hits.map((entry) => (
            <li key={"game" in entry ? entry.game.id : "answer"}>
              <button type="button" onClick={() => choose(entry)}>
                <Icon name="plus" />
                <span class="what">
                  {"game" in entry ? entry.game.title : texts.asAnswer(entry.answer)}
                  {"game" in entry && <small>{entry.game.pack_name}</small>}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </form>
  )
}

const TIMES = ["30", "60", "120", "300"] as const

/** By hand, after one of a few times, or after as many seconds as a host types. */
function End({ action }: { action: Action }) {
  const { poll: texts } = t.value
  const own = useSignal(seconds.value !== undefined && !TIMES.some((time) => time === seconds.value))
  return (
    <>
      <Choices<string>
        label={texts.seconds}
        value={own.value ? "own" : (seconds.value ?? "hand")}
        options={[
          { value: "hand", text: texts.byHand },
          ...TIMES.map((value) => ({ value, text: texts.after(Number(value)) })),
          { value: "own", text: texts.ownTime },
        ]}
        onChange={(next) => {
          own.value = next === "own"
          seconds.value = next === "hand" ? undefined : next === "own" ? "90" : next
        }}
      />
      {own.value && (
        <Field
          label={texts.ownSeconds}
          type="number"
          inputMode="numeric"
          min={5}
          max={3600}
          value={seconds.value ?? ""}
          error={errorOf(action, "seconds")}
          onInput={(next) => {
            seconds.value = next
          }}
        />
      )}
    </>
  )
}
