/** A real browser before the real service. What a page complains of, and what its policy stops, fails the test. */
import { afterAll, beforeAll, expect } from "bun:test"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { type Api, asAdmin } from "../support/api.ts"
import { missingFiles } from "../support/packages.ts"
import { COMPILED } from "../support/programs.ts"
import { type StartOptions, startServer, type TestServer } from "../support/server.ts"

const CHROMIUM = "/usr/bin/chromium"
export const noBrowser = missingFiles([CHROMIUM], "chromium")
/** What a test without the browser is called. */
export const named = (name: string): string => (noBrowser ? `${name} (${noBrowser})` : name)

const SCREENSHOTS = join(import.meta.dir, "../../dist/screenshots")

export const SIZES = {
  small: { width: 320, height: 640 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
  uhd: { width: 3840, height: 2160 },
} as const

export type Look = {
  size?: keyof typeof SIZES
  theme?: "dark" | "light"
  /** The token of a login that this browser remembers. */
  token?: string | undefined
  language?: "en-GB" | "de-DE"
}

export type Stage = {
  server: TestServer
  admin: Api
  browser: Browser
  /** A browser of somebody's own, at this page. */
  open(path: string, look?: Look): Promise<Page>
  /** What any page said since this was last asked. */
  complaints(): string[]
  /** Ends the service the hard way and, once `meanwhile` is through, starts it again at the same address. */
  killAndRestart(meanwhile: () => Promise<void>): Promise<void>
}

/** A service and a browser for the tests of one file; what a page complains of fails the file. */
export function setStage(options: StartOptions = {}): Stage {
  const stage = {} as Stage
  const heard: string[] = []
  const contexts: BrowserContext[] = []
  let expected = false
  Object.assign(stage, {
    complaints: () => heard.splice(0),

    async open(path: string, { size = "phone", theme = "dark", token, language = "en-GB" }: Look = {}) {
      const context = await stage.browser.newContext({
        viewport: SIZES[size],
        colorScheme: theme,
        locale: language,
        hasTouch: size === "phone" || size === "small",
      })
      contexts.push(context)
      context.setDefaultTimeout(10_000)
      if (token) {
        await context.addInitScript((kept) => localStorage.setItem("gamenight.login", kept), token)
      }
      const page = await context.newPage()
      page.on("pageerror", (error) => heard.push(`${path}: ${error.message}`))
      page.on("console", (message) => {
        // While the service is away a browser says so of each try.
        if (message.type() === "error" && !expected) heard.push(`${path}: ${message.text()}`)
      })
      await page.goto(stage.server.url + path)
      return page
    },

    async killAndRestart(meanwhile: () => Promise<void>) {
      expected = true
      await stage.server.stop("SIGKILL")
      await meanwhile()
      const { dataDir, url } = stage.server
      const flags = [...(options.flags ?? []), "--port", new URL(url).port]
      stage.server = await startServer(COMPILED, { ...options, dataDir, flags })
      stage.admin = await asAdmin(stage.server)
      expected = false
    },
  })
  beforeAll(async () => {
    if (noBrowser) return
    stage.server = await startServer(COMPILED, options)
    if (options.env?.GAMENIGHT_ADMIN_KEY === undefined) stage.admin = await asAdmin(stage.server)
    // Containers run as root, where the browser has no sandbox.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : []
    stage.browser = await chromium.launch({ executablePath: CHROMIUM, args })
  })
  afterAll(async () => {
    if (noBrowser) return
    for (const context of contexts) await context.close()
    await stage.browser.close()
    expect(stage.complaints()).toEqual([])
    expect(await stage.server.stop()).toBe(0)
  })
  return stage
}

/** Keeps a picture of the page for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true, animations: "disabled" })
}
