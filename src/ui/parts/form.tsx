/** Fields, each with its label and with its error beside it. */
import type { ComponentChildren } from "preact"
import { useId } from "preact/hooks"
import { RequestError } from "../../client/request.ts"
import { t } from "../look.ts"
import { type Action, sayWhy } from "../trouble.ts"
import { Icon } from "./icons.tsx"

/** What the service says of one field of the last request. */
export function errorOf({ error }: Action, field: string): string | undefined {
  if (!(error.value instanceof RequestError)) return undefined
  const found = error.value.errors.find(({ path }) => path === field)
  return found && t.value.common.wrong(found.message)
}

/** What is wrong with the whole request: all that no field can show. */
export function Trouble({ action, fields = [] }: { action: Action; fields?: readonly string[] }) {
  const { value } = action.error
  const shown = value instanceof RequestError && value.errors.some(({ path }) => fields.includes(path))
  return <div role="alert">{value !== undefined && !shown && <p class="trouble">{sayWhy(value)}</p>}</div>
}

type FieldProps = {
  label: string
  value: string
  type?: "text" | "password" | "search" | "number" | "date"
  name?: string
  placeholder?: string
  maxLength?: number
  inputMode?: "numeric" | "url"
  min?: number
  max?: number
  required?: boolean
  autoComplete?: string
  autoCapitalize?: "characters" | "none"
  spellcheck?: boolean
  enterkeyhint?: "done" | "search"
  onBlur?: () => void
  hint?: string | undefined
  error?: string | undefined
  onInput: (value: string) => void
}

export function Field({ label, hint, error, onInput, type = "text", ...rest }: FieldProps) {
  const id = useId()
  const said = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ")
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...rest}
        // A union of kinds is none of the kinds that the types of inputs tell apart.
        type={type as "text"}
        id={id}
        aria-invalid={error ? "true" : undefined}
        aria-describedby={said || undefined}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {hint && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
      {error && (
        <small id={`${id}-error`} class="trouble" role="alert">
          {error}
        </small>
      )}
    </div>
  )
}

type Choice<T> = { value: T; text: string }

/** One of a few, all of them in sight. */
export function Choices<T extends string | number>({
  label,
  options,
  value,
  onChange,
}: {
  label: string
  options: readonly Choice<T>[]
  value: T
  onChange: (value: T) => void
}) {
  const name = useId()
  return (
    <fieldset class="choices">
      <legend>{label}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export const Switch = ({
  label,
  on,
  onChange,
  disabled = false,
}: {
  label: ComponentChildren
  on: boolean
  onChange: (on: boolean) => void
  disabled?: boolean
}) => (
  <label class="switch">
    <input
      type="checkbox"
      checked={on}
      disabled={disabled}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
    <span>{label}</span>
  </label>
)

/** A number that is changed with a thumb; null is any. */
export function Stepper({
  label,
  value,
  empty,
  least,
  most,
  start,
  onChange,
}: {
  label: string
  value: number | null
  empty: string
  least: number
  most: number
  start: number
  onChange: (value: number | null) => void
}) {
  const { less, plus } = t.value.common
  const step = (by: number) => {
    const next = value === null ? start : value + by
    onChange(next < least ? null : Math.min(next, most))
  }
  return (
    <fieldset class="stepper">
      <legend>{label}</legend>
      <div>
        <button type="button" aria-label={less(label)} disabled={value === null} onClick={() => step(-1)}>
          <Icon name="minus" />
        </button>
        <output aria-live="polite">{value ?? empty}</output>
        <button type="button" aria-label={plus(label)} disabled={value === most} onClick={() => step(1)}>
          <Icon name="plus" />
        </button>
      </div>
    </fieldset>
  )
}
