/** The address of the overlay, put together as it shall look. */
import { useSignal } from "@preact/signals"
import { t } from "../look.ts"
import { Choices } from "./form.tsx"

const LOOKS = ["dark", "light", "plain"] as const
const SCALES = ["1", "1.5", "2"] as const
const PLACES = ["bottom-left", "bottom-right", "top-left", "top-right"] as const

export function OverlayLink() {
  const { settings, locale } = t.value
  const look = useSignal<(typeof LOOKS)[number]>("dark")
  const scale = useSignal<(typeof SCALES)[number]>("1")
  const at = useSignal<(typeof PLACES)[number]>("bottom-left")
  const address = `${location.origin}/overlay?theme=${look.value}&scale=${scale.value}&at=${at.value}`
  return (
    <section class="card">
      <h2 class="card-title">{settings.overlay}</h2>
      <p class="soft">{settings.overlayHint}</p>
      <Choices
        label={settings.theme}
        value={look.value}
        options={LOOKS.map((value) => ({ value, text: settings.looks[value] }))}
        onChange={(next) => {
          look.value = next
        }}
      />
      <Choices
        label={settings.scale}
        value={scale.value}
        options={SCALES.map((value) => ({ value, text: `${Number(value).toLocaleString(locale)}×` }))}
        onChange={(next) => {
          scale.value = next
        }}
      />
      <Choices
        label={settings.place}
        value={at.value}
        options={PLACES.map((value) => ({ value, text: settings.places[value] }))}
        onChange={(next) => {
          at.value = next
        }}
      />
      <input
        readOnly
        aria-label={settings.overlay}
        value={address}
        onFocus={(e) => e.currentTarget.select()}
      />
      <a class="button" href={`${address}&preview`} target="_blank" rel="noreferrer">
        {settings.preview}
      </a>
    </section>
  )
}
