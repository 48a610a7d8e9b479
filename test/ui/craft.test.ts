/** Every page in both themes and languages: open to all, whole on any screen, and without a word from its policy. */
import { beforeAll, describe, expect, test } from "bun:test"
import { barriers } from "./barriers.ts"
import { type Look, named, noBrowser, picture, setStage } from "./browser.ts"
import { fillEvening } from "./evening.ts"

const TONIGHT = { path: "/", name: "tonight", shows: ".now" }
const PICK = { path: "/pick", name: "pick", shows: ".filters" }

/** The pages, each with what shows that it is there. */
const PAGES = [
  TONIGHT,
  PICK,
  { path: "/games", name: "games", shows: ".pack" },
  { path: "/history", name: "history", shows: ".nights a" },
  { path: "/history/1", name: "night", shows: ".recap" },
  { path: "/settings", name: "settings", shows: ".new-token" },
  { path: "/login", name: "login", shows: "h1", guest: true },
  { path: "/setup?code=x", name: "setup", shows: "h1", guest: true },
  { path: "/vote", name: "vote", shows: ".thumbs", guest: true },
  { path: "/big", name: "big", shows: ".qr", guest: true },
  { path: "/overlay?preview", name: "overlay", shows: ".box .tally", guest: true },
]

describe.skipIf(noBrowser !== undefined)(named("every page"), () => {
  const stage = setStage()
  beforeAll(() => fillEvening(stage.admin))

  const show = async (
    { path, shows, guest }: { path: string; shows: string; guest?: boolean },
    look: Look,
  ) => {
    const token = guest ? undefined : stage.admin.token
    const page = await stage.open(path, { ...look, token })
    await page.locator(shows).first().waitFor()
    return page
  }

  for (const one of PAGES) {
    for (const theme of ["dark", "light"] as const) {
      test(`${one.name} is open to all in the ${theme} theme, on a phone and on a desktop`, async () => {
        for (const size of ["phone", "desktop"] as const) {
          const page = await show(one, { theme, size })
          // What appears slowly has its colours once it is there.
          await page.evaluate(() =>
            Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
          )
          expect(await barriers(page)).toEqual([])
          await picture(page, `${one.name}-${size}-${theme}`)
          await page.context().close()
        }
        expect(stage.complaints()).toEqual([])
      })
    }

    test(`${one.name} fits the narrowest phone and the widest screen, in German too`, async () => {
      for (const size of ["small", "uhd"] as const) {
        const page = await show(one, { size, language: "de-DE" })
        const over = await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth))
        expect({ page: one.name, size, over }).toEqual({ page: one.name, size, over: 0 })
        expect(await page.evaluate(() => document.documentElement.lang)).toBe("de")
        await picture(page, `${one.name}-${size}-german`)
        await page.context().close()
      }
    })
  }

  test("buttons and links are large enough for a thumb", async () => {
    for (const one of PAGES.filter(({ name }) => name !== "overlay")) {
      const page = await show(one, { size: "phone" })
      const small = await page.evaluate(() =>
        [...document.querySelectorAll("button, a.button, nav a, input, summary, select")]
          .filter((element) => !element.matches(".sr *, .skip, .choices input, .chip input"))
          .map((element) => ({ html: element.outerHTML.slice(0, 120), box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.height < 32 || box.width < 32))
          .map(({ html }) => html),
      )
      expect([one.name, small]).toEqual([one.name, []])
      await page.context().close()
    }
  })

  test("the night is run by keyboard alone", async () => {
    const page = await show(TONIGHT, { size: "desktop" })
    await page.keyboard.press("Tab")
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip")
    await page.keyboard.press("Enter")
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab")
      const at = await page.evaluate(() => document.activeElement?.textContent)
      if (at === "Played") break
    }
    await page.keyboard.press("Enter")
    await page.locator(".now").waitFor({ state: "detached" })
    const played = await page.locator(".rows > li").count()
    await page
      .getByRole("button", { name: /^Take out:/ })
      .first()
      .focus()
    await page.keyboard.press("Enter")
    await page.getByRole("button", { name: "Undo" }).waitFor()
    expect(await page.locator(".rows > li").count()).toBe(played - 1)
    await page.keyboard.press("Control+z")
    await page
      .locator(".rows > li")
      .nth(played - 1)
      .waitFor()
    expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(0)
    await page.context().close()
  })

  test("a field that is wrong is brought into sight, and has the focus", async () => {
    const page = await stage.open("/games", { size: "small", token: stage.admin.token, language: "de-DE" })
    await page.getByRole("button", { name: "Spiel hinzufügen" }).click()
    await page.getByRole("button", { name: "Speichern" }).click()
    const title = page.getByLabel("Titel", { exact: true }).and(page.locator("[aria-invalid=true]:focus"))
    await title.waitFor()
    await page.getByText("Darf nicht leer sein").first().waitFor()
    const { y = -1, height = 0 } = (await title.boundingBox()) ?? {}
    expect(y >= 0 && y + height < 640 - 64).toBeTrue()
    expect(stage.complaints()).toEqual([expect.stringContaining("400")])
    await page.context().close()
  })

  test("whoever changes the language reads the new one at once, and the recap too", async () => {
    const page = await stage.open("/settings", { size: "desktop", token: stage.admin.token })
    await page.getByLabel("Deutsch").check()
    await page.getByRole("heading", { name: "Optionen" }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("de")
    const asked = page.waitForRequest(/recap\?format=svg/)
    await page.getByRole("link", { name: "Verlauf" }).click()
    await page.getByRole("link", { name: /Friday game night/ }).click()
    expect((await asked).url()).toContain("lang=de")
    await page.getByRole("img", { name: "Rückblick" }).waitFor()
    await page.context().close()
  })

  test("whoever wants less motion gets none", async () => {
    const page = await show(PICK, { size: "phone" })
    await page.emulateMedia({ reducedMotion: "reduce" })
    const longest = await page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll("*")].flatMap((element) => {
          const { animationDuration, transitionDuration } = getComputedStyle(element)
          return `${animationDuration},${transitionDuration}`
            .split(",")
            .map((text) => Number.parseFloat(text))
        }),
      ),
    )
    expect(longest).toBeLessThan(0.01)
    await page.context().close()
  })
})
