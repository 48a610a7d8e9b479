/** Backups: made here, taken away to another device, and removed. */
import { signal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { BackupFile } from "../../backups.ts"
import { dayAndTime } from "../clock.ts"
import { download } from "../files.ts"
import { stays } from "../leaving.ts"
import { requests } from "../live.ts"
import { t } from "../look.ts"
import { useAction } from "../trouble.ts"
import { Trouble } from "./form.tsx"
import { removeLater, say } from "./toasts.tsx"

const backups = signal<readonly BackupFile[] | undefined>(undefined)

const load = async (): Promise<void> => {
  backups.value = await requests.send<BackupFile[]>("GET", "/api/backups")
}

const pathOf = ({ name }: BackupFile): string => `/api/backups/${encodeURIComponent(name)}`

export function Backups() {
  const { settings } = t.value
  const action = useAction()
  const kept = backups.value?.filter((backup) => stays(pathOf(backup)))
  useEffect(() => void action.run(load), [])
  const make = async () => {
    await requests.send("POST", "/api/backups")
    await load()
    say(settings.backedUp)
  }
  return (
    <section class="card" aria-labelledby="backups">
      <h2 id="backups" class="card-title">
        {settings.backups}
      </h2>
      {kept?.length === 0 && <p class="soft">{settings.noBackups}</p>}
      <ul class="rows">
        {kept?.map((backup) => (
          <Backup key={backup.name} backup={backup} />
        ))}
      </ul>
      <Trouble action={action} />
      <button type="button" disabled={action.busy.value} onClick={() => void action.run(make)}>
        {action.busy.value && backups.value ? settings.backingUp : settings.backUp}
      </button>
    </section>
  )
}

function Backup({ backup }: { backup: BackupFile }) {
  const { settings, locale } = t.value
  const action = useAction()
  const made = dayAndTime(locale, backup.created_at)
  const size = (backup.bytes / 1e6).toLocaleString(locale, { maximumFractionDigits: 1 })
  return (
    <li>
      <span class="what">
        <b>{made}</b>
        <small>
          {backup.name} · {settings.megabytes(size)}
        </small>
        <Trouble action={action} />
      </span>
      <button
        type="button"
        class="quiet"
        disabled={action.busy.value}
        aria-label={`${settings.download}: ${made}`}
        onClick={() => void action.run(() => download(pathOf(backup), backup.name))}
      >
        {settings.download}
      </button>
      <button
        type="button"
        class="quiet danger"
        aria-label={`${settings.removeBackup}: ${made}`}
        onClick={() => removeLater(settings.removedBackup(made), pathOf(backup))}
      >
        {settings.removeBackup}
      </button>
    </li>
  )
}
