/** What the README says of webhooks: its body is what receivers get, and its ways to check a signature work. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { asAdmin, type Body } from "../support/api.ts"
import { missingFiles } from "../support/packages.ts"
import { COMPILED } from "../support/programs.ts"
import { openReceiver, type Received, type Receiver } from "../support/receiver.ts"
import { newFolder, startServer, type TestServer } from "../support/server.ts"
import { blocks, code, section, table } from "./page.ts"

const chapter =
  section("HTTP API")
    .split(/^### /m)
    .find((one) => one.startsWith("Webhooks\n")) ?? ""
const SECRET = "a secret that both know"

describe("webhooks in the README", () => {
  let server: TestServer
  let receiver: Receiver
  let message: Received
  beforeAll(async () => {
    server = await startServer(COMPILED)
    receiver = openReceiver()
    const admin = await asAdmin(server)
    const wish = { name: "bot", url: receiver.url, secret: SECRET, events: ["game.added"] }
    await admin("POST", "/api/webhooks", wish)
    const { body: session } = await admin("POST", "/api/sessions")
    await admin("POST", `/api/sessions/${session.id}/games`, { game_id: 1, room_code: "ABCD" })
    message = await receiver.next()
  })
  afterAll(async () => {
    await receiver.stop()
    expect(await server.stop()).toBe(0)
  })

  test("the body has the members that receivers get, in their order", () => {
    const shape = (body: Body): string =>
      JSON.stringify(body, (_, value) => (typeof value === "object" && value !== null ? value : typeof value))
    const [shown = "", ...others] = blocks(chapter, "json")
    expect(shape(JSON.parse(shown))).toBe(shape(message.body))
    expect(others).toEqual([])
  })

  test("every header of a message stands there, and no other", () => {
    const listed = table("HTTP API", "header").map(([name]) => String(name))
    const sent = Object.keys(message.headers).filter((name) => name.startsWith("x-webhook-"))
    expect(listed.map((name) => name.toLowerCase()).sort()).toEqual(sent.map(code).sort())
  })

  test("the lines for Node tell a true signature from another", async () => {
    const lines = blocks(chapter, "js")[0] ?? ""
    const file = join(newFolder(), "check.mjs")
    writeFileSync(file, `export async function check(secret, body, signature) {\n${lines}\nreturn isReal\n}`)
    const { check } = await import(file)
    const signature = message.headers["x-webhook-signature"]
    expect(await check(SECRET, message.bytes, signature)).toBeTrue()
    expect(await check("another", message.bytes, signature)).toBeFalse()
    expect(await check(SECRET, Buffer.concat([message.bytes, Buffer.from(" ")]), signature)).toBeFalse()
    expect(await check(SECRET, message.bytes, "sha256=")).toBeFalse()
  })

  const noOpenssl = missingFiles(["/usr/bin/openssl"], "openssl")
  test.skipIf(noOpenssl !== undefined)(
    `the line for openssl prints the same digits${noOpenssl ? ` (${noOpenssl})` : ""}`,
    () => {
      const folder = newFolder()
      writeFileSync(join(folder, "body.json"), message.bytes)
      const { stdout } = Bun.spawnSync(["sh", "-c", blocks(chapter, "sh")[0] ?? ""], {
        cwd: folder,
        env: { ...process.env, SECRET },
      })
      expect(`sha256=${stdout.toString().trim().split(" ").at(-1)}`).toBe(
        String(message.headers["x-webhook-signature"]),
      )
    },
  )
})
