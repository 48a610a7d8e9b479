/** Webhooks in the settings: set up by hand, tested, looked after and taken away, on the narrowest phone too. */
import { describe, expect, onTestFinished, test } from "bun:test"
import type { Page } from "playwright-core"
import type { Body } from "../support/api.ts"
import { isSigned, openReceiver } from "../support/receiver.ts"
import { barriers } from "./barriers.ts"
import { type Look, named, noBrowser, picture, setStage } from "./browser.ts"

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click()
const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()

describe.skipIf(noBrowser !== undefined)(named("webhooks in the settings"), () => {
  const stage = setStage()
  const asAdmin = (look: Look = {}) => stage.open("/settings", { token: stage.admin.token, ...look })

  function receiver(options: Parameters<typeof openReceiver>[0] = {}) {
    const opened = openReceiver(options)
    onTestFinished(opened.stop)
    return opened
  }

  const card = (page: Page) => page.getByRole("region", { name: "Webhooks" })

  async function hook(url: string, name: string) {
    const wish = { name, url, secret: "secret", events: ["session.started", "session.ended"] }
    const { body } = await stage.admin("POST", "/api/webhooks", wish)
    onTestFinished(async () => void (await stage.admin("DELETE", `/api/webhooks/${body.id}`)))
    return body
  }

  test("one is added by keyboard, each wrong field is named where it stands, and its receiver hears of the night", async () => {
    const bot = receiver()
    const page = await asAdmin()
    await sees(page, "There is none yet. One tells another program")
    await page.getByRole("button", { name: "Add a webhook" }).focus()
    await page.keyboard.press("Enter")
    await page.getByLabel("Name of the webhook").and(page.locator(":focus")).waitFor()
    await page.keyboard.type("Hall lamp")
    await page.keyboard.press("Tab")
    await page.keyboard.type("nowhere")
    await page.keyboard.press("Tab")
    const secret = await page.getByLabel("Secret").inputValue()
    expect(secret).toMatch(/^[0-9a-f]{32}$/)
    for (const event of ["Night starts", "Game starts", "Night ends"]) {
      await page.getByLabel(event, { exact: true }).uncheck()
    }
    await page.keyboard.press("Enter")
    const address = page.getByLabel("Address of the other program")
    await address.and(page.locator("[aria-invalid=true]")).waitFor()
    await card(page).getByText("Must be a whole address of http or https").waitFor()
    await card(page).getByText("Must have 1 entry at least").waitFor()
    expect(stage.complaints()).toEqual([expect.stringContaining("400")])
    await address.fill(bot.url)
    await page.getByLabel("Night starts", { exact: true }).check()
    await press(page, "Add it")
    await page.locator(".new-hook").waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Add a webhook" }).and(page.locator(":focus")).waitFor()
    expect(await card(page).textContent()).not.toContain(secret)
    const { body: session } = await stage.admin("POST", "/api/sessions", { notes: "By hand" })
    const message = await bot.next()
    expect([message.body.data.session.id, isSigned(message, secret)]).toEqual([session.id, true])
    await stage.admin("POST", `/api/sessions/${session.id}/close`)
    const { body: hooks } = await stage.admin("GET", "/api/webhooks")
    for (const { id } of hooks) await stage.admin("DELETE", `/api/webhooks/${id}`)
  })

  test("a test says what the receiver said, and stands in the log that is open", async () => {
    const bot = receiver({ answer: (nth) => new Response(null, { status: nth === 2 ? 503 : 200 }) })
    await hook(bot.url, "House bot")
    const page = await asAdmin({ size: "desktop" })
    await press(page, "Send a test: House bot")
    await sees(page, /^It arrived: 200 after \d+ ms$/)
    await card(page).getByText("What became of the messages").click()
    const lines = card(page).locator("details li")
    await lines.first().waitFor()
    expect(await lines.count()).toBe(1)
    await press(page, "Send a test: House bot")
    await sees(page, "It did not arrive. Cannot deliver: the receiver answered 503")
    await lines.nth(1).waitFor()
    expect(await lines.first().textContent()).toContain("the receiver answered 503")
    // What happens meanwhile comes by itself.
    await stage.admin("POST", "/api/sessions")
    await lines.nth(2).waitFor()
    expect(await lines.first().textContent()).toContain("Night starts")
    await page.context().close()
  })

  test("one is turned off and on, and what is removed can be brought back", async () => {
    const bot = receiver()
    const { id } = await hook(bot.url, "Lamp")
    const page = await asAdmin()
    const isOn = async () => (await stage.admin("GET", `/api/webhooks/${id}`)).body.enabled
    const lamp = card(page).getByRole("checkbox", { name: /^Lamp/ })
    await lamp.uncheck()
    await lamp.and(page.locator(":enabled")).waitFor()
    expect(await isOn()).toBeFalse()
    await lamp.check()
    await lamp.and(page.locator(":enabled")).waitFor()
    expect(await isOn()).toBeTrue()
    await press(page, "Remove: Lamp")
    await sees(page, "Lamp is told no more")
    await press(page, "Undo")
    await lamp.waitFor()
    await press(page, "Remove: Lamp")
    await lamp.waitFor({ state: "detached" })
    await page.close({ runBeforeUnload: true })
    for (let asked = 0; asked < 100 && (await isOn()) !== undefined; asked++) await Bun.sleep(50)
    expect(await isOn()).toBeUndefined()
  })

  test("one is changed where it stands, with its secret left alone or another one, and passwords are not on the screen", async () => {
    const [before, after] = [receiver(), receiver()]
    const { id } = await hook(before.url, "Lamp")
    const page = await asAdmin()
    const change = page.getByRole("button", { name: "Change: Lamp" })
    await change.click()
    const form = page.locator(".new-hook")
    await form.getByLabel("Address of the other program").fill("nowhere")
    await form.getByRole("button", { name: "Save" }).click()
    await form.getByText("Must be a whole address of http or https").waitFor()
    expect(stage.complaints()).toEqual([expect.stringContaining("400")])
    const address = Object.assign(new URL(after.url), { username: "ann", password: "open-sesame" })
    await form.getByLabel("Address of the other program").fill(address.href)
    await form.getByLabel("Night ends").uncheck()
    await form.getByRole("button", { name: "Save" }).click()
    await form.waitFor({ state: "detached" })
    await change.and(page.locator(":focus")).waitFor()
    await card(page).getByText("http://ann:•••@").waitFor()
    expect(await card(page).textContent()).not.toContain("open-sesame")
    expect((await stage.admin("GET", `/api/webhooks/${id}`)).body.events).toEqual(["session.started"])
    await press(page, "Send a test: Lamp")
    expect(isSigned(await after.next(), "secret")).toBeTrue()
    await change.click()
    await form.getByLabel("Name of the webhook").fill("Hall lamp")
    await form.getByLabel("Secret").fill("another secret")
    await form.getByLabel("Secret").press("Enter")
    await press(page, "Send a test: Hall lamp")
    expect(isSigned(await after.next(), "another secret")).toBeTrue()
    expect(before.received).toEqual([])
    await page.context().close()
  })

  test("what is on its way out does not come back with others, and leaves for good", async () => {
    await hook("http://127.0.0.1:1/", "Lamp")
    await hook("http://127.0.0.1:1/", "Siren")
    const page = await asAdmin({ language: "de-DE" })
    const names = card(page).locator(".hooks > li .what > b")
    await press(page, "Entfernen: Lamp")
    await press(page, "Entfernen: Siren")
    await press(page, "Webhook hinzufügen")
    await page.getByLabel("Name des Webhooks").fill("Bell")
    await page.getByLabel("Adresse des anderen Programms").fill("http://127.0.0.1:1/")
    await page.getByRole("button", { name: "Hinzufügen", exact: true }).click()
    await page.getByText("Bell", { exact: true }).waitFor()
    expect(await names.allTextContents()).toEqual(["Bell"])
    await page.getByRole("button", { name: "Rückgängig" }).first().click()
    await card(page).getByText("Lamp", { exact: true }).waitFor()
    expect(await names.allTextContents()).toEqual(["Lamp", "Bell"])
    await press(page, "Test senden: Bell")
    await sees(page, "Nicht angekommen. Die Verbindung wurde abgelehnt")
    await page.locator(".toast .fuse").waitFor({ state: "detached" })
    await press(page, "Entfernen: Bell")
    await page.close({ runBeforeUnload: true })
    const left = async () => (await stage.admin("GET", "/api/webhooks")).body.map(({ name }: Body) => name)
    for (let asked = 0; asked < 100 && (await left()).length > 1; asked++) await Bun.sleep(50)
    expect(await left()).toEqual(["Lamp"])
  })

  test("the card is open to all in both themes, and fits the narrowest phone in German", async () => {
    const bot = receiver({ answer: (nth) => new Response(null, { status: nth % 2 ? 200 : 500 }) })
    const { id } = await hook(`${bot.url}/${"a-long-path-of-the-house-bot/".repeat(4)}`, "House bot")
    await hook(bot.url, "The lamp of the hall that turns blue while a game is played")
    for (let nth = 0; nth < 3; nth++) await stage.admin("POST", `/api/webhooks/test/${id}`)
    for (const look of [
      { size: "phone", theme: "dark" },
      { size: "desktop", theme: "light" },
      { size: "desktop", theme: "dark" },
      { size: "small", theme: "dark", language: "de-DE" },
    ] as const) {
      const page = await asAdmin(look)
      await card(page).locator("summary").first().click()
      await card(page).locator("details li").nth(2).waitFor()
      await card(page).locator("> button").click()
      await page.locator(".new-hook").waitFor()
      await card(page).locator(".hook-actions button").first().click()
      await card(page).locator("[role=status] p").first().waitFor()
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
      expect(await barriers(page)).toEqual([])
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect({ ...look, over: Math.max(0, over) }).toEqual({ ...look, over: 0 })
      await picture(page, `webhooks-${look.size}-${look.theme}`)
      await page.context().close()
    }
  }, 60_000)
})
