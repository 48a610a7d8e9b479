/** How much chance likes something: out of favour, as any, or favoured. */
import { t } from "../look.ts"
import { Icon } from "./icons.tsx"

type Props = { of: string; value: number; onChange: (value: number) => void }

export function Favor({ of, value, onChange }: Props) {
  const { favor, favors } = t.value.catalogue
  return (
    <fieldset class="favor" aria-label={`${favor}: ${of}`}>
      <span>
        {favor}
        <small>{favors[value + 1]}</small>
      </span>
      <div>
        {([-1, 0, 1] as const).map((bias) => (
          <button
            type="button"
            key={bias}
            class="icon-only"
            aria-pressed={value === bias}
            aria-label={`${favor}: ${of}: ${favors[bias + 1]}`}
            title={favors[bias + 1]}
            onClick={() => onChange(bias)}
          >
            <Icon name={bias < 0 ? "down" : bias > 0 ? "star" : "minus"} />
          </button>
        ))}
      </div>
    </fieldset>
  )
}
