/** The poll on the next game: seen by all, started and ended by hosts. */
import { isHost } from "../account.ts"
import { night } from "../live.ts"
import { t } from "../look.ts"
import type { Poll } from "../night.ts"
import { cancelEnd, endPoll } from "../tonight.ts"
import { useAction } from "../trouble.ts"
import { Trouble } from "./form.tsx"
import { Icon } from "./icons.tsx"
import { Options, TimeLeft } from "./options.tsx"

export function PollCard() {
  const poll = night.value?.poll
  if (poll) return <Running poll={poll} key={poll.id} />
  return isHost.value ? (
    <a class="button wide" href="/pick?poll">
      <Icon name="stream" />
      {t.value.poll.start}
    </a>
  ) : null
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
