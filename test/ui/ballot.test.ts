/** A poll as a host puts it together: games rolled, found and drawn, answers of their own, and when it ends. */
import { beforeEach, describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import type { Body } from "../support/api.ts"
import { named, noBrowser, setStage } from "./browser.ts"

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click()
const entries = (page: Page) => page.locator(".entries li")

const secondsOf = ({ created_at, ends_at }: Body): number =>
  Math.round((Date.parse(ends_at) - Date.parse(created_at)) / 1_000)

describe.skipIf(noBrowser !== undefined)(named("a poll of a host's own"), () => {
  const stage = setStage()
  let sessionId = 0
  beforeEach(async () => {
    if (noBrowser) return
    const { body: before } = await stage.admin("GET", "/api/sessions/active")
    if (before) await stage.admin("POST", `/api/sessions/${before.id}/close`)
    const { body } = await stage.admin("POST", "/api/sessions", { notes: "Poll night" })
    sessionId = body.id
  })

  const draft = async () => {
    const page = await stage.open("/pick?poll", { token: stage.admin.token })
    await page.getByRole("heading", { name: "Poll", exact: true }).waitFor()
    return page
  }
  const search = (page: Page) => page.getByLabel("Add a game, or an answer")
  const answer = async (page: Page, text: string) => {
    await search(page).fill(text)
    await press(page, `“${text}” as an answer`)
  }
  const poll = async (): Promise<Body> => (await stage.admin("GET", `/api/sessions/${sessionId}/voting`)).body

  test("has what was rolled, what was found, and what nobody can look up", async () => {
    const page = await draft()
    await press(page, "Roll the dice")
    const rolled = (await page.locator("#rolled").textContent()) ?? ""
    await press(page, "Put to the vote")
    await page.getByRole("button", { name: "In the poll", exact: true }).waitFor()
    await page.getByText("Add one more").waitFor()
    expect(await page.getByRole("button", { name: "Start a poll" }).isDisabled()).toBeTrue()
    const other = rolled === "Quiplash 3" ? "Drawful 2" : "Quiplash 3"
    await search(page).fill(other)
    await page.locator(".hits li").nth(1).waitFor()
    await search(page).press("Enter")
    await answer(page, "Pizza break")
    await page.getByLabel("after 5 min").check()
    await page.getByLabel("Offer “Something else”").uncheck()
    await press(page, "Start a poll")
    await page.locator(".options li").nth(2).waitFor()
    const { options, created_at, ends_at } = await poll()
    expect(options.map(({ label }: Body) => label)).toEqual([rolled, other, "Pizza break"])
    expect(options[2].game_id).toBeNull()
    expect(secondsOf({ created_at, ends_at })).toBe(300)
    const phone = await stage.open("/vote")
    await press(phone, /Pizza break/)
    await phone.getByText("Counted.").waitFor()
    expect((await poll()).options[2].votes).toBe(1)
  })

  test("draws games that fit the wishes, none twice, until the list is full", async () => {
    const page = await draft()
    await page.getByLabel("Only that").check()
    await press(page, "Draw three that fit")
    await entries(page).nth(2).waitFor()
    await press(page, /^Take out:/)
    expect(await entries(page).count()).toBe(2)
    for (const many of [5, 8]) {
      await press(page, "Draw three that fit")
      await entries(page)
        .nth(many - 1)
        .waitFor()
    }
    expect(await page.getByRole("button", { name: "Draw three that fit" }).isDisabled()).toBeTrue()
    expect(await search(page).count()).toBe(0)
    // None of these stands in it.
    await page.getByLabel("None", { exact: true }).check()
    await press(page, "Roll the dice")
    await page.getByRole("button", { name: "Put to the vote" }).and(page.locator(":disabled")).waitFor()
    await press(page, "Start a poll")
    await page.locator(".options li").nth(8).waitFor()
    const { options } = await poll()
    const ids = options.map(({ game_id }: Body) => game_id)
    expect(new Set(ids).size).toBe(9)
    const { body: drawn } = await stage.admin("GET", "/api/games?drawing=only")
    const drawing = drawn.map(({ id }: Body) => id)
    expect(ids.slice(0, 8).every((id: number) => drawing.includes(id))).toBeTrue()
  })

  test("says beside the field and the option what is wrong with it", async () => {
    const page = await draft()
    await answer(page, "42")
    await answer(page, "Pizza break")
    await page.getByLabel("otherwise").check()
    await page.getByLabel("After how many seconds?").fill("2")
    await press(page, "Start a poll")
    const seconds = page.getByLabel("After how many seconds?").and(page.locator("[aria-invalid=true]"))
    await seconds.waitFor()
    await page.getByText("Must be a whole number from 5 to 3600").waitFor()
    await entries(page).first().getByText("Must be more than digits").waitFor()
    expect(stage.complaints()).toEqual([expect.stringContaining("400")])
    await press(page, "Take out: 42")
    await answer(page, "A walk")
    await seconds.fill("45")
    await press(page, "Start a poll")
    await page.locator(".options li").nth(2).waitFor()
    const { created_at, ends_at } = await poll()
    expect(secondsOf({ created_at, ends_at })).toBe(45)
  })

  test("is left to the dice by a host who names nothing, and shown where it would begin", async () => {
    const page = await draft()
    await press(page, "Start a poll")
    await page.locator(".options li").nth(3).waitFor()
    const { options, ends_at } = await poll()
    expect([options.length, options[3].label, ends_at]).toEqual([4, "Other", null])
    await page.getByRole("link", { name: "Pick", exact: true }).click()
    await page.getByRole("region", { name: "Poll" }).getByRole("button", { name: "End it now" }).waitFor()
  })
})
