/** The whole night by hand, through the pages, with a bot in the chat, two hosts, a phone, a television and a stream. */
import { describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import { asRole, type Body, createApi } from "../support/api.ts"
import { ADMIN_KEY } from "../support/server.ts"
import { named, noBrowser, setStage } from "./browser.ts"
import { openFollower } from "./follower.ts"

describe.skipIf(noBrowser !== undefined)(named("the whole night in the pages"), () => {
  const stage = setStage()

  /** Waits until the page shows this text. */
  const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()
  const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click()

  test("from the login to the recap, while the service is killed in between", async () => {
    const bot = await openFollower(stage)

    // The first host logs in with the key.
    const ann = await stage.open("/login", { size: "phone" })
    await ann.getByLabel("Key or token").fill("wrong key")
    await press(ann, "Log in")
    await sees(ann, "That key is not right.")
    expect(stage.complaints()).toEqual([expect.stringContaining("401")])
    await ann.getByLabel("Key or token").fill(ADMIN_KEY)
    await press(ann, "Log in")
    await sees(ann, "No night is running")

    // The second one has a token of role host, on a desktop.
    const host = await asRole(stage.admin, "host")
    const bea = await stage.open("/", { size: "desktop", token: host.token })
    const phone = await stage.open("/vote")
    const screen = await stage.open("/big", { size: "desktop" })
    const overlay = await stage.open("/overlay", { size: "desktop" })
    await sees(phone, "No night is running")

    await ann.getByLabel("What is it called?").fill("Friday game night")
    await press(ann, "Start the night")
    for (const page of [ann, bea, screen]) await sees(page, "Friday game night")
    expect(await bot.next("session.started")).toMatchObject({ session: { notes: "Friday game night" } })

    // A game by the dice, agreed on first: the other host sees it before it is played.
    await ann.getByRole("link", { name: "Pick a game" }).click()
    await press(ann, "Roll the dice")
    const title = (await ann.locator("#rolled").textContent()) ?? ""
    await press(ann, "Set as next")
    await sees(bea, title)
    await bea.getByRole("button", { name: "Play it" }).click()
    for (const page of [bea, phone, screen, overlay]) {
      await page.getByRole("heading", { name: title, exact: true }).first().waitFor()
    }
    await bot.next("game.picked")
    await bot.next("game.added")

    // The room code reaches the television, the phone and the other host.
    await ann.getByRole("link", { name: "Tonight" }).click()
    await ann.getByLabel("Room code").fill("wxyz")
    await ann.getByLabel("Room code").press("Enter")
    for (const page of [screen, phone, overlay]) await sees(page, "WXYZ")
    await bea.waitForFunction(
      () => document.querySelector<HTMLInputElement>(".code-field input")?.value === "WXYZ",
    )

    // The bot counts a vote of the chat, the phone gives one and changes its mind.
    const chat = await asRole(stage.admin, "bot")
    await chat("POST", "/api/votes/live", { username: "chatter", vote: "up" })
    for (const page of [ann, screen]) await sees(page, "chatter voted up")
    await press(phone, "I like it")
    await sees(phone, "Counted.")
    await ann.getByLabel("2 up, 0 down").first().waitFor()
    await press(phone, "I do not like it")
    for (const page of [ann, bea, phone, screen, overlay]) {
      await page.getByLabel("1 up, 1 down").first().waitFor()
    }

    // The service dies and comes back; what happened meanwhile is on every screen, without a reload.
    await stage.killAndRestart(async () => {
      for (const page of [ann, bea, phone, screen]) await sees(page, "Connection lost.")
    })
    for (const page of [ann, phone]) await page.locator(".connection.live").waitFor({ state: "attached" })
    const again = createApi(stage.server, chat.token)
    await again("POST", "/api/votes/live", { username: "late", vote: "up" })
    for (const page of [ann, bea, phone, screen, overlay]) {
      await page.getByLabel("2 up, 1 down").first().waitFor()
    }

    // A poll on the next game: chat and phone vote, the host ends it, everyone sees who won.
    await bea.getByRole("link", { name: "Start a poll" }).click()
    await press(bea, "Start a poll")
    for (const page of [ann, phone, screen, overlay]) await page.locator(".options li").first().waitFor()
    await phone.locator(".options button").nth(1).click()
    await again("POST", "/api/votes/poll", { username: "chatter", choice: 2 })
    await ann.getByText("2 votes").first().waitFor()
    const won = (await ann.locator(".options li").nth(1).locator("span").textContent()) ?? ""
    await press(ann, "End it now")
    await sees(bea, `The poll chose ${won}`)
    for (const page of [ann, screen]) await sees(page, won)
    await bot.until("voting.ended")
    await press(ann, "Play it")
    await phone.getByRole("heading", { name: won, exact: true }).waitFor()

    // What is taken out can be brought back; closing can be undone, and then it is over for all.
    await press(bea, `Take out: ${title}`)
    await press(bea, "Undo")
    await bea.getByRole("button", { name: `Take out: ${title}` }).waitFor()
    await press(bea, "Close the night")
    await press(bea, "Undo")
    await press(bea, "Close the night")
    // Whoever closes the page now does not have to wait for it.
    await bea.close()
    await sees(phone, "That was it for tonight")
    await ann.getByRole("link", { name: "See the recap" }).click()
    await sees(ann, "Votes over time")
    await ann.getByRole("img", { name: "Recap" }).waitFor()
    await bot.until("session.ended")
    const { body: nights } = await stage.admin("GET", "/api/sessions")
    expect(nights.map(({ notes, games_played }: Body) => [notes, games_played])).toEqual([
      ["Friday game night", 2],
    ])
    bot.close()
  }, 120_000)
})
