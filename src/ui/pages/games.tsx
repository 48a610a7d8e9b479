/** Games: the catalogue by pack, what is owned, favoured and enabled. */
import { useComputed, useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { Game } from "../../games.ts"
import type { Pack } from "../../packs.ts"
import { isHost } from "../account.ts"
import { favorPack, games, loadGames, ownPack, packs } from "../catalogue.ts"
import { t } from "../look.ts"
import { Favor } from "../parts/favor.tsx"
import { Field, Switch, Trouble } from "../parts/form.tsx"
import { GameFiles } from "../parts/game-files.tsx"
import { GameForm } from "../parts/game-form.tsx"
import { GameLine } from "../parts/game-line.tsx"
import { Icon } from "../parts/icons.tsx"
import { Waiting } from "../parts/shell.tsx"
import { useAction } from "../trouble.ts"

export function Games() {
  const texts = t.value.catalogue
  const search = useSignal("")
  const adding = useSignal(false)
  const action = useAction()
  useEffect(() => void action.run(loadGames), [])
  const found = useComputed(() => {
    const wanted = search.value.trim().toLocaleLowerCase()
    return (games.value ?? []).filter(
      ({ title, pack_name, ticker, game_type }) =>
        wanted === "" ||
        `${title}\n${pack_name}\n${ticker ?? ""}\n${game_type}`.toLocaleLowerCase().includes(wanted),
    )
  })
  const byPack = Map.groupBy(found.value, ({ pack_name }) => pack_name)
  const isNarrow = search.value.trim() !== ""
  return (
    <div class="page">
      <header class="head with-action">
        <div>
          <h1>{texts.title}</h1>
          <p class="soft">{texts.counts(games.value?.length ?? 0, packs.value?.length ?? 0)}</p>
        </div>
        {isHost.value && (
          <button type="button" onClick={() => (adding.value = !adding.value)} aria-expanded={adding.value}>
            <Icon name="plus" />
            {texts.add}
          </button>
        )}
      </header>
      {adding.value && <GameForm done={() => (adding.value = false)} />}
      <Field
        label={texts.search}
        type="search"
        value={search.value}
        enterkeyhint="search"
        onInput={(value) => {
          search.value = value
        }}
      />
      <Trouble action={action} />
      {!games.value && !action.error.value && <Waiting />}
      {games.value && found.value.length === 0 && <p class="nothing soft">{texts.nothing}</p>}
      <div class="pack-list">
        {sorted([...byPack]).map(([name, list]) => (
          <PackPart
            key={name}
            name={name}
            pack={packs.value?.find((one) => one.name === name)}
            list={list}
            open={isNarrow}
          />
        ))}
      </div>
      {isHost.value && <GameFiles />}
    </div>
  )
}

/** As people count: the second pack before the tenth. */
const sorted = (packs: [string, Game[]][]) =>
  packs.sort(([a], [b]) => a.localeCompare(b, t.value.locale, { numeric: true }))

type PackPartProps = { name: string; pack: Pack | undefined; list: readonly Game[]; open: boolean }

function PackPart({ name, pack, list, open }: PackPartProps) {
  const texts = t.value.catalogue
  const action = useAction()
  const shown = useSignal(false)
  const owned = pack?.owned !== 0
  return (
    <details
      class="pack card"
      open={open || shown.value}
      onToggle={({ currentTarget }) => {
        if (!open) shown.value = currentTarget.open
      }}
    >
      <summary class={owned ? "" : "not-owned"}>
        <span class="what">
          <b>{name}</b>
          <small>{owned ? t.value.games(list.length) : texts.notOwned}</small>
        </span>
      </summary>
      {(open || shown.value) && (
        <>
          {isHost.value && pack && !open && (
            <div class="pack-words">
              <Switch
                label={texts.owned}
                on={owned}
                onChange={(on) => void action.run(() => ownPack(name, on))}
              />
              <Favor
                of={name}
                value={pack.favor_bias}
                onChange={(bias) => void action.run(() => favorPack(name, bias))}
              />
            </div>
          )}
          <Trouble action={action} />
          <ul class="rows">
            {list.map((game) => (
              <GameLine game={game} key={game.id} />
            ))}
          </ul>
        </>
      )}
    </details>
  )
}
