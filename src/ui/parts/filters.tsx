/** What a pick is to fit. */
import { packs } from "../catalogue.ts"
import { session } from "../live.ts"
import { t } from "../look.ts"
import { ANY, want, wish } from "../wish.ts"
import { Choices, Stepper, Switch } from "./form.tsx"

export function Filters() {
  const { pick, common } = t.value
  const { playerCount, audience, length, drawing, familyFriendly, excludePlayed } = wish.value
  const names = pick.filters
  return (
    <section class="card filters" aria-label={pick.filterLabel}>
      <Stepper
        label={names.playerCount}
        value={playerCount}
        empty={common.any}
        least={1}
        most={100}
        start={4}
        onChange={(next) => want({ playerCount: next })}
      />
      {playerCount !== null && (
        <Switch label={pick.audience} on={audience} onChange={(next) => want({ audience: next })} />
      )}
      <Choices
        label={names.length}
        value={length}
        options={[
          { value: "any", text: common.any },
          { value: "short", text: pick.short },
          { value: "medium", text: pick.medium },
          { value: "long", text: pick.long },
        ]}
        onChange={(next) => want({ length: next })}
      />
      <Choices
        label={names.drawing}
        value={drawing}
        options={[
          { value: "any", text: common.any },
          { value: "only", text: pick.onlyDrawing },
          { value: "exclude", text: pick.noDrawing },
        ]}
        onChange={(next) => want({ drawing: next })}
      />
      <Switch
        label={names.familyFriendly}
        on={familyFriendly}
        onChange={(next) => want({ familyFriendly: next })}
      />
      {session.value && (
        <Switch
          label={names.excludePlayed}
          on={excludePlayed}
          onChange={(next) => want({ excludePlayed: next })}
        />
      )}
      <PackFilter />
      <button
        type="button"
        class="quiet"
        onClick={() => {
          wish.value = ANY
        }}
      >
        {pick.reset}
      </button>
    </section>
  )
}

function PackFilter() {
  const { pick, locale } = t.value
  const chosen = wish.value.packs
  const owned = (packs.value ?? [])
    .filter((pack) => pack.owned === 1)
    .sort((a, b) => a.name.localeCompare(b.name, locale, { numeric: true }))
  const toggle = (name: string, on: boolean) =>
    want({ packs: on ? [...chosen, name] : chosen.filter((one) => one !== name) })
  return (
    <details class="packs">
      <summary>
        {pick.filters.packs}: {chosen.length === 0 ? pick.allPacks : chosen.length}
      </summary>
      <div class="chips">
        {owned.map(({ name }) => (
          <label class="chip" key={name}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ currentTarget }) => toggle(name, currentTarget.checked)}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </details>
  )
}
