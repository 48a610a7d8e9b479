/** The recap card of a night, as a picture and as text for a chat. */
import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { requests } from "../live.ts"
import { type Language, language, t } from "../look.ts"
import { useAction } from "../trouble.ts"
import { Trouble } from "./form.tsx"
import { Icon } from "./icons.tsx"
import { say } from "./toasts.tsx"

/** Asked for when it is needed: it costs more than a whole page. */
const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"

const recap = (id: number, format: "svg" | "md", lang: Language): Promise<Response> =>
  requests.open("GET", `/api/sessions/${id}/recap?${new URLSearchParams({ format, timezone: zone(), lang })}`)

export function Recap({ id }: { id: number }) {
  const { history, common } = t.value
  const url = useSignal<string | undefined>(undefined)
  const text = useSignal<string | undefined>(undefined)
  const action = useAction()
  useEffect(() => {
    void action.run(async () => {
      url.value = URL.createObjectURL(await (await recap(id, "svg", language.value)).blob())
    })
    return () => url.value && URL.revokeObjectURL(url.value)
  }, [id])
  /** Without HTTPS there is no clipboard; then the text is shown to be copied by hand. */
  const copy = async () => {
    const markdown = await (await recap(id, "md", language.value)).text()
    if (!navigator.clipboard) {
      text.value = markdown
      return
    }
    await navigator.clipboard.writeText(markdown)
    say(common.copied)
  }
  return (
    <>
      {url.value && (
        <a href={url.value} target="_blank" rel="noreferrer" title={history.enlarge}>
          <img class="recap" src={url.value} alt={history.recap} width="600" />
        </a>
      )}
      <Trouble action={action} />
      <div class="actions">
        <a class="button" href={url.value ?? "#"} download={`night-${id}.svg`}>
          <Icon name="file" />
          {history.picture}
        </a>
        <button type="button" onClick={() => void action.run(copy)}>
          <Icon name="edit" />
          {history.copyText}
        </button>
      </div>
      {text.value && (
        <textarea class="recap-text" readOnly rows={8} aria-label={history.copyText} value={text.value} />
      )}
    </>
  )
}
