/** What a page fetches: one script for Tonight, and the rest when somebody uses it, service willing. */
import { beforeAll, describe, expect, test } from "bun:test"
import { type Look, named, noBrowser, setStage } from "./browser.ts"
import { fillEvening } from "./evening.ts"

describe.skipIf(noBrowser !== undefined)(named("the scripts of the pages"), () => {
  const stage = setStage()
  beforeAll(() => fillEvening(stage.admin))

  /** The scripts that a browser fetches for a page, without what tells one build from another. */
  async function scriptsOf(path: string, look: Look, shows: string): Promise<string[]> {
    const page = await stage.open("/favicon.svg", { ...look, token: stage.admin.token })
    const names: string[] = []
    page.on("request", (request) => {
      if (request.resourceType() === "script")
        names.push(/assets\/(.+)-\w+\.js$/.exec(request.url())?.[1] ?? "")
    })
    await page.goto(stage.server.url + path)
    await page.locator(shows).first().waitFor()
    await page.context().close()
    return names.sort()
  }

  test("Tonight takes one, another language and another page one more each", async () => {
    expect(await scriptsOf("/", {}, ".now .actions")).toEqual(["app"])
    expect(await scriptsOf("/", { language: "de-DE" }, ".now .actions")).toEqual(["app", "texts.de"])
    expect(await scriptsOf("/pick", {}, ".filters")).toEqual(["app", "others"])
    expect(await scriptsOf("/vote", {}, ".thumbs")).toEqual(["stage"])
  })

  test("a page whose script does not come says so, and comes once the service is back", async () => {
    const page = await stage.open("/", { token: stage.admin.token })
    await page.locator(".now").waitFor()
    await stage.killAndRestart(async () => {
      await page.getByText("Connection lost.").waitFor()
      await page.getByRole("link", { name: "Games" }).click()
      await page.getByText("The service does not answer.").waitFor()
    })
    await page.getByRole("button", { name: "Try again" }).click()
    await page.locator(".pack").first().waitFor()
    expect(new URL(page.url()).pathname).toBe("/games")
  })

  test("after an upgrade of the service a page fetches the scripts of the new one", async () => {
    const page = await stage.open("/", { token: stage.admin.token })
    await page.locator(".now").waitFor()
    // Until it is fetched anew the old document names a script that is there no more.
    await page.route(/assets\/others-/, (route) => route.fulfill({ status: 404 }), { times: 1 })
    await page.getByRole("link", { name: "Games" }).click()
    await page.locator(".pack").first().waitFor()
    expect(stage.complaints()).toEqual([expect.stringContaining("404")])
  })
})
