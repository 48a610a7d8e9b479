/** The page of the television: what is played, the room code as large as it goes, and how to vote. */
import { useEffect } from "preact/hooks"
import { minutesSince } from "../clock.ts"
import { current, givenToken, isClosed, night, session } from "../live.ts"
import { t } from "../look.ts"
import type { NightGame } from "../night.ts"
import { Options, TimeLeft } from "../parts/options.tsx"
import { Qr } from "../parts/qr.tsx"
import { LastVote, Tally } from "../parts/tally.tsx"
import { askWhetherPhonesVote, phonesVote, phoneUrl } from "../phone.ts"

/** With the token of this screen, where one is needed to look on. */
const voteUrl = (): string => phoneUrl.value + (givenToken ? `#token=${givenToken}` : "")

export function Big() {
  const { common, tonight } = t.value
  useEffect(() => void askWhetherPhonesVote().catch(() => {}), [])
  const game = current.value
  const notes = session.value?.notes?.split("\n")[0]
  return (
    <main class="screen" id="main">
      <header>
        <p>{notes || "gamenight"}</p>
        {session.value && <p class="soft">{t.value.games(night.value?.games.length ?? 0)}</p>}
      </header>
      <div class="stage">
        <div class="main-part">
          {game ? (
            <Playing game={game} />
          ) : (
            <h1>
              {isClosed.value
                ? common.closed
                : night.value?.ended
                  ? t.value.phone.over
                  : session.value
                    ? tonight.idle
                    : night.value && tonight.none}
            </h1>
          )}
        </div>
        <Side />
      </div>
    </main>
  )
}

function Playing({ game }: { game: NightGame }) {
  const { tonight } = t.value
  return (
    <>
      <p class="eyebrow">
        {tonight.now} · {tonight.minutesIn(minutesSince(game.played_at))}
      </p>
      <h1>{game.title}</h1>
      {game.room_code && (
        <dl class="code">
          <dt>{tonight.roomCode}</dt>
          <dd>{game.room_code}</dd>
        </dl>
      )}
      <Tally {...game} />
      <LastVote game={game} />
    </>
  )
}

/** The poll, or what it brought; and the way in for phones. */
function Side() {
  const { poll: texts, phone, pick } = t.value
  const { poll, result, selection } = night.value ?? {}
  return (
    <aside>
      {poll && (
        <section>
          <h2>
            {texts.next} <TimeLeft endsAt={poll.ends_at} />
          </h2>
          <Options poll={poll} />
        </section>
      )}
      {!poll && (selection || result) && (
        <section class="next-up">
          <h2>{pick.locked}</h2>
          <p class="next-title">{selection?.title ?? result?.label}</p>
          {result && <p class="soft">{texts.result(result.votes, result.total, result.tie)}</p>}
        </section>
      )}
      {phonesVote.value && session.value && (
        <figure class="scan">
          <Qr text={voteUrl()} label={phone.scan} />
          <figcaption>
            {phone.scan}
            <small>{phoneUrl.value.replace(/^https?:\/\//, "")}</small>
          </figcaption>
        </figure>
      )}
    </aside>
  )
}
