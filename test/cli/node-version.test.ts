/** A Node that is too old for the bundle is told so before anything is loaded. */
import { expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import manifest from "../../package.json" with { type: "json" }
import { NODE, NODE_BUNDLE } from "../support/programs.ts"
import { newFolder } from "../support/server.ts"
import { startCommand } from "./program.ts"

const [, BUNDLE = ""] = NODE_BUNDLE

/** The Node of the tests, which says that it is another one. */
function nodeThatIs(version: string): string[] {
  const preload = join(newFolder(), "version.cjs")
  const versions = `{ ...process.versions, node: "${version}" }`
  writeFileSync(preload, `Object.defineProperty(process, "versions", { value: ${versions} })\n`)
  return [NODE, "--require", preload]
}

/** The Node of the system, where it is an old one. */
const system = Bun.which("node", { PATH: "/usr/local/bin:/usr/bin" })
const systemVersion = system ? Bun.spawnSync([system, "--version"]).stdout.toString().trim().slice(1) : ""
const old = Bun.semver.satisfies(systemVersion, "<22.14.0")
  ? [[systemVersion, [String(system)]] as const]
  : []

test.each([["18.20.4", nodeThatIs("18.20.4")] as const, ["22.13.1", nodeThatIs("22.13.1")] as const, ...old])(
  "Node %s is refused with one line and 2",
  async (version, node) => {
    expect(await startCommand([...node, BUNDLE, "version"]).ended).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `Cannot start: gamenight needs Node 22.14 or later, this is ${version}\n`,
    })
  },
)

test.each(["22.14.0", "23.0.0", "100.1.0"])("Node %s is taken", async (version) => {
  const { exitCode, stdout } = await startCommand([...nodeThatIs(version), BUNDLE, "version"]).ended
  expect([exitCode, stdout]).toEqual([0, `gamenight ${manifest.version}\n`])
  expect(manifest.engines.node).toBe(">=22.14")
})
