/** The poll on the next game: seen by all, started and ended by hosts. */
import { useSignal } from "@preact/signals"
import { isHost } from "../account.ts"
import { night } from "../live.ts"
import { t } from "../look.ts"
import type { Poll } from "../night.ts"
import { cancelEnd, endPoll, startPoll } from "../tonight.ts"
import { useAction } from "../trouble.ts"
import { asked, wish } from "../wish.ts"
import { Choices, Trouble } from "./form.tsx"
import { Icon } from "./icons.tsx"
import { Options, TimeLeft } from "./options.tsx"

export function PollCard() {
  const poll = night.value?.poll
  if (poll) return <Running poll={poll} key={poll.id} />
  return isHost.value ? <Start /> : null
}

const SOON_SECONDS = 30

function Running({ poll }: { poll: Poll }) {
  const texts = t.value.poll
  const action = useAction()
  return (
    <div class="poll">
      <p class="eyebrow">
        <span>{texts.running(poll.total_votes)}</span>
        <TimeLeft endsAt={poll.ends_at} />
      </p>
      <Options poll={poll} />
      {isHost.value && (
        <div class="actions">
          <button
            type="button"
            class="primary"
            disabled={action.busy.value}
            onClick={() => action.run(() => endPoll(0))}
          >
            {texts.end}
          </button>
          {poll.ends_at ? (
            <button type="button" disabled={action.busy.value} onClick={() => action.run(cancelEnd)}>
              {texts.goOn}
            </button>
          ) : (
            <button
              type="button"
              disabled={action.busy.value}
              onClick={() => action.run(() => endPoll(SOON_SECONDS))}
            >
              {texts.endIn(SOON_SECONDS)}
            </button>
          )}
        </div>
      )}
      <Trouble action={action} />
    </div>
  )
}

/** Three games that fit the wishes of the page Pick, and "Other". */
function Start() {
  const texts = t.value.poll
  const seconds = useSignal(0)
  const action = useAction()
  const start = () => {
    const { sessionId: _, excludePlayed: _e, ...filters } = asked(wish.value)
    return startPoll({ ...filters, ...(seconds.value > 0 && { seconds: seconds.value }) })
  }
  return (
    <details class="start-poll">
      <summary>{texts.start}</summary>
      <div class="poll">
        <p class="soft">{texts.lead}</p>
        <Choices
          label={texts.seconds}
          value={seconds.value}
          options={[0, 60, 120, 300].map((value) => ({
            value,
            text: value === 0 ? texts.byHand : texts.inMinutes(value / 60),
          }))}
          onChange={(next) => {
            seconds.value = next
          }}
        />
        <button type="button" class="wide" disabled={action.busy.value} onClick={() => action.run(start)}>
          <Icon name="stream" />
          {texts.start}
        </button>
        <Trouble action={action} />
      </div>
    </details>
  )
}
