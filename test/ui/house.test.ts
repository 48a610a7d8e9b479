/** What hosts do between nights, and the ways in: files, wrong fields, tokens, wishes that nothing fits, the set-up. */
import { beforeAll, describe, expect, test } from "bun:test"
import { statSync } from "node:fs"
import type { Page } from "playwright-core"
import { asRole, type Body } from "../support/api.ts"
import { named, noBrowser, setStage } from "./browser.ts"

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click()
const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()

describe.skipIf(noBrowser !== undefined)(named("the house in the pages"), () => {
  const stage = setStage()
  const asHost = (path: string) => stage.open(path, { size: "desktop", token: stage.admin.token })

  test("a table is taken in whole, and of a wrong one every row is named", async () => {
    const page = await asHost("/games")
    const take = (rows: string[]) =>
      page.getByLabel("Take in a file").setInputFiles({
        name: "games.csv",
        mimeType: "text/csv",
        buffer: Buffer.from(["Game Pack,Game Title,Min. Players,Max. Players", ...rows].join("\n")),
      })
    await take(["House games,Charades,4,20", "House games,Nobody,0,8", "House games,,2,8"])
    await sees(page, "Nothing was taken in: 2 mistakes in the file")
    await sees(page, /^3: /)
    expect(stage.complaints()).toEqual([expect.stringContaining("400")])
    await take(Array.from({ length: 450 }, (_, nth) => `House games,Charades ${nth},4,20`))
    await sees(page, "450 added, 0 changed, 0 taken away")
    await page.getByLabel("Search by title").fill("Charades 449")
    await sees(page, "Charades 449")
  })

  test("a wrong field is named where it stands, and what is deleted can be brought back", async () => {
    const page = await asHost("/games")
    await press(page, "Add a game")
    await page.getByLabel("Title", { exact: true }).fill("Karaoke")
    await page.getByLabel("Pack", { exact: true }).fill("House games")
    await page.getByLabel("Players, at most").fill("none")
    await press(page, "Save")
    const field = page.getByLabel("Players, at most")
    await field.and(page.locator("[aria-invalid=true]")).waitFor()
    const said = (await field.getAttribute("aria-describedby")) ?? ""
    expect(await page.locator(`[id="${said}"]`).textContent()).toContain("Must be")
    expect(stage.complaints()).toEqual([expect.stringContaining("400")])
    await field.fill("12")
    await press(page, "Save")
    await page.locator(".game-form").waitFor({ state: "detached" })
    await page.getByLabel("Search by title").fill("Karaoke")
    await press(page, /^Karaoke/)
    await press(page, "Edit: Karaoke")
    await press(page, "Delete")
    await press(page, "Undo")
    await press(page, /^Karaoke/)
    await press(page, "Favour: Karaoke: More often")
    await page.getByRole("button", { name: "Favour: Karaoke: More often", pressed: true }).waitFor()
  })

  test("wishes that nothing fits say which one to give up", async () => {
    const page = await asHost("/pick")
    await page.getByLabel("Only that").check()
    for (let people = 0; people < 60; people++) await press(page, "More: How many are you?")
    await press(page, "Roll the dice")
    await sees(page, "No game fits")
    expect(stage.complaints()).toEqual([expect.stringContaining("404")])
    await press(page, /Without .How many are you/)
    await page.locator("#rolled").waitFor()
  })

  test("a token is shown once, and revoking it ends its socket", async () => {
    const page = await asHost("/settings")
    await page.getByLabel("Name").fill("screen in the hall")
    await page.getByLabel("screen", { exact: true }).check()
    await press(page, "Make a token")
    await sees(page, "Copy it now")
    await sees(page, /never used/)
    const token = await page.locator(".secret textarea").inputValue()
    const screen = await stage.open(`/overlay#token=${token}`, { size: "desktop" })
    await screen.locator(".connection.live").waitFor({ state: "attached" })
    await page.getByRole("region", { name: "Connected now" }).getByText("screen in the hall").waitFor()
    await press(page, "Revoke: screen in the hall")
    await screen.locator(".connection.stopped").waitFor({ state: "attached", timeout: 20_000 })
  }, 40_000)

  test("a backup is made, taken to this device, and removed unless that is undone", async () => {
    const page = await asHost("/settings")
    await sees(page, "There is none yet. One holds all nights")
    await press(page, "Make a backup")
    await sees(page, "The backup is made")
    const { body } = await stage.admin("GET", "/api/backups")
    const [came] = await Promise.all([page.waitForEvent("download"), press(page, /^Download/)])
    expect(came.suggestedFilename()).toBe(body[0].name)
    expect(statSync(await came.path()).size).toBe(body[0].bytes)
    await press(page, /^Remove:/)
    await press(page, "Undo")
    await press(page, /^Remove:/)
    await sees(page, "There is none yet. One holds all nights")
    await page.close({ runBeforeUnload: true })
  }, 40_000)

  test("a game that a host takes out stays away while the next one begins", async () => {
    const { body: session } = await stage.admin("POST", "/api/sessions", { notes: "Busy" })
    const play = (game_id: number) =>
      stage.admin("POST", `/api/sessions/${session.id}/games`, { game_id }).then(({ body }) => body.title)
    const [first, second, third] = [await play(1), await play(2), await play(3)]
    const page = await asHost("/")
    const out = (title: string) => page.getByRole("button", { name: `Take out: ${title}` })
    await out(first).click()
    await out(second).click()
    const fourth = await play(4)
    // By then the rows of the night were read anew.
    await out(fourth).and(page.locator(":enabled")).waitFor()
    await out(third).waitFor()
    expect([await out(first).count(), await out(second).count()]).toEqual([0, 0])
    await press(page, "Undo")
    await out(first).waitFor()
    expect(await out(second).count()).toBe(0)
    await page.close({ runBeforeUnload: true })
    const left = async () => (await stage.admin("GET", `/api/sessions/${session.id}/games`)).body
    for (let asked = 0; asked < 100 && (await left()).length > 3; asked++) await Bun.sleep(50)
    expect((await left()).map(({ title }: Body) => title)).toEqual([first, third, fourth])
    await stage.admin("POST", `/api/sessions/${session.id}/close`)
  })

  test("the numbers of a night that nobody watched are on its page", async () => {
    const { body: session } = await stage.admin("POST", "/api/sessions", { notes: "Quiet" })
    await stage.admin("POST", `/api/sessions/${session.id}/close`)
    const page = await stage.open("/history", { size: "phone" })
    await page.getByLabel("Search in notes").fill("quiet")
    await page.getByRole("link", { name: /Quiet/ }).click()
    for (const text of ["Nobody voted.", "Nothing was played."]) await sees(page, text)
    await page.goBack()
    await page.getByRole("heading", { name: "History" }).waitFor()
  })
})

describe.skipIf(noBrowser !== undefined)(named("a house with closed doors"), () => {
  const stage = setStage({ env: { GAMENIGHT_PUBLIC_READS: "false" } })
  let viewer: Body
  beforeAll(async () => {
    viewer = await asRole(stage.admin, "viewer")
    const { body: session } = await stage.admin("POST", "/api/sessions", { notes: "Private" })
    await stage.admin("POST", `/api/sessions/${session.id}/games`, { game_id: 1 })
  })

  test("shows nothing to strangers, and everything to whoever has a token in the address", async () => {
    for (const path of ["/", "/vote", "/big"]) {
      const page = await stage.open(path)
      await sees(page, "Only people with a login may look here.")
      expect(await page.getByText("Private").count()).toBe(0)
      await page.context().close()
    }
    expect(stage.complaints().every((one) => /40[14]/.test(one))).toBeTrue()
    const phone = await stage.open(`/vote#token=${viewer.token}`)
    await press(phone, "I like it")
    await sees(phone, "Counted.")
    const screen = await stage.open(`/big#token=${viewer.token}`, { size: "desktop" })
    await screen.getByLabel("1 up, 0 down").waitFor()
    await screen.getByLabel("Vote with your phone").waitFor()
  })
})

describe.skipIf(noBrowser !== undefined)(named("the first start"), () => {
  const stage = setStage({ env: { GAMENIGHT_ADMIN_KEY: "" } })

  test("opening the set-up link changes nothing; its button logs in, once", async () => {
    await stage.server.logged("/setup?code=")
    const code = /\/setup\?code=(\S+)/.exec(stage.server.stderr())?.[1] ?? ""
    await (await stage.open(`/setup?code=${code}`)).context().close()
    const page = await stage.open(`/setup?code=${code}`)
    await press(page, "Use the link")
    await sees(page, "Start the night")
    const late = await stage.open(`/setup?code=${code}`)
    await press(late, "Use the link")
    await sees(late, "This link was used before")
    expect(stage.complaints()).toEqual([expect.stringContaining("401")])
  })
})
