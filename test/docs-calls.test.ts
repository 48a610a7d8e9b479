/** The commands on the page at /docs run as they stand there. */
import { expect, test } from "bun:test"
import { asAdmin, createApi } from "./support/api.ts"
import { missingFiles } from "./support/packages.ts"
import { COMPILED } from "./support/programs.ts"
import { cleanEnv, startServer } from "./support/server.ts"

const SIGNS: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
}

const noCurl = missingFiles(["/usr/bin/curl"], "curl")

test.skipIf(noCurl !== undefined)(
  `each command is a request that the service understands${noCurl ? ` (${noCurl})` : ""}`,
  async () => {
    const server = await startServer(COMPILED)
    const { token = "" } = await asAdmin(server)
    const { text } = await createApi(server)("GET", "/docs")
    const commands = [...text.matchAll(/<pre><code>(curl .*?)<\/code>/gs)].map(([, command = ""]) =>
      command.replace(/&(lt|gt|quot|#39|amp);/g, (sign) => SIGNS[sign] ?? sign),
    )
    expect(commands.length).toBeGreaterThan(60)
    for (const command of commands) {
      const here = command.replace("http://localhost:5000", server.url)
      const said = Bun.spawnSync(["bash", "-c", `${here} -s -o /dev/null -w '%{http_code}'`], {
        env: cleanEnv({ TOKEN: token, NO_PROXY: "127.0.0.1" }),
      })
      const status = Number(said.stdout)
      // No example names a key or a code that is right.
      const understood = /auth\/login|\/setup/.test(here) ? [200, 401] : [200, 201, 204, 404, 409, 426]
      expect({ command, status, understood: understood.includes(status) }).toEqual({
        command,
        status,
        understood: true,
      })
    }
    expect(await server.stop()).toBe(0)
  },
)
