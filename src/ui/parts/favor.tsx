/** How much chance likes something: out of favour, as any, or favoured. */
import { t } from "../look.ts"
import { Icon } from "./icons.tsx"

type Props = { label: string; value: number; onChange: (value: number) => void }

export const Favor = ({ label, value, onChange }: Props) => (
  <fieldset class="favor">
    <legend class="sr">{label}</legend>
    {([-1, 0, 1] as const).map((bias) => {
      const text = t.value.catalogue.favors[bias + 1] ?? ""
      return (
        <button
          type="button"
          key={bias}
          class="icon-only"
          aria-pressed={value === bias}
          aria-label={`${label}: ${text}`}
          title={text}
          onClick={() => onChange(bias)}
        >
          <Icon name={bias < 0 ? "down" : bias > 0 ? "star" : "minus"} />
        </button>
      )
    })}
  </fieldset>
)
