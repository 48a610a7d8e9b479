/** The catalogue as a file: out for a spreadsheet, and in again. */
import { useSignal } from "@preact/signals"
import { useId } from "preact/hooks"
import { RequestError } from "../../client/request.ts"
import { loadGames } from "../catalogue.ts"
import { download, importFile } from "../files.ts"
import { t } from "../look.ts"
import { sayWhy, useAction } from "../trouble.ts"
import { Choices } from "./form.tsx"
import { Icon } from "./icons.tsx"
import { say } from "./toasts.tsx"

export function GameFiles() {
  const { files } = t.value.catalogue
  const id = useId()
  const mode = useSignal<"append" | "replace">("append")
  const share = useSignal<number | undefined>(undefined)
  const action = useAction()
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0]
    if (!file) return
    share.value = 0
    await action.run(async () => {
      const { added, changed, deleted, disabled } = await importFile(file, mode.value, (now) => {
        share.value = now
      })
      say(files.done(added, changed, deleted + disabled))
      await loadGames()
    })
    share.value = undefined
    input.value = ""
  }
  return (
    <section class="card files" aria-labelledby={`${id}-files`}>
      <h2 id={`${id}-files`} class="card-title">
        {files.title}
      </h2>
      <div class="actions">
        {(["csv", "json"] as const).map((kind) => (
          <button
            type="button"
            key={kind}
            onClick={() => void action.run(() => download(`/api/games/export/${kind}`))}
          >
            <Icon name="file" />
            {files.export(kind.toUpperCase())}
          </button>
        ))}
      </div>
      <Choices
        label={files.mode}
        value={mode.value}
        options={[
          { value: "append", text: files.append },
          { value: "replace", text: files.replace },
        ]}
        onChange={(next) => {
          mode.value = next
        }}
      />
      <p class="soft">{mode.value === "append" ? files.appendHint : files.replaceHint}</p>
      <div class="field">
        <label for={id}>{files.import}</label>
        <input
          id={id}
          type="file"
          accept=".csv,.json,text/csv,application/json"
          disabled={action.busy.value}
          onChange={({ currentTarget }) => void take(currentTarget)}
        />
      </div>
      {share.value !== undefined && <progress value={share.value} aria-label={files.import} />}
      <Wrong error={action.error.value} />
    </section>
  )
}

/** Every row that is wrong, with its line. */
function Wrong({ error }: { error: unknown }) {
  if (error === undefined) return null
  const { common, catalogue } = t.value
  const rows = error instanceof RequestError ? error.errors : []
  return (
    <div role="alert" class="trouble">
      <p>{rows.length > 0 ? catalogue.files.wrong(rows.length) : sayWhy(error)}</p>
      <ul>
        {rows.slice(0, 20).map(({ line, path, message }) => (
          <li key={`${line} ${path} ${message}`}>
            {line !== undefined && `${line}: `}
            {catalogue.fields[path as keyof typeof catalogue.fields] ?? path}: {common.wrong(message)}
          </li>
        ))}
      </ul>
    </div>
  )
}
