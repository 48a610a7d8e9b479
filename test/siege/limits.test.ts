/** The limits that one address cannot reach, and those no other test walks up to; the rest is held by the contract. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { CLOSE, LIMITS } from "../../src/protocol.ts"
import { type Api, asAdmin, asRole, createApi } from "../support/api.ts"
import { HANDSHAKE, type LightSocket, openLight } from "../support/light-socket.ts"
import { openPipeline, type Pipeline } from "../support/pipeline.ts"
import { COMPILED, NODE_BUNDLE } from "../support/programs.ts"
import { startServer, type TestServer, within } from "../support/server.ts"
import { openTcp } from "../support/tcp.ts"

const addresses = (count: number): string[] => Array.from({ length: count }, (_, i) => `127.0.0.${i + 2}`)

describe.each([
  ["the compiled file", COMPILED],
  ["the Node bundle", NODE_BUNDLE],
])("limits of %s", (_name, command) => {
  let server: TestServer
  let admin: Api
  beforeAll(async () => {
    server = await startServer(command)
    admin = await asAdmin(server)
  })
  afterAll(async () => {
    expect(await server.stop()).toBe(0)
  })

  const closing = (socket: LightSocket) =>
    within<number>("a close frame", (done) => void socket.closed.then(done))

  /** Opens a socket from this address and logs it in; gives the type of the answer, or the close code. */
  async function join(
    from: string,
    token: string | undefined,
  ): Promise<{ socket: LightSocket; got: string | number }> {
    const { promise: answer, resolve } = Promise.withResolvers<string>()
    const socket = await openLight(server, { from, onText: (text) => resolve(JSON.parse(text).type) })
    socket.send(JSON.stringify({ type: "auth", token }))
    return { socket, got: await Promise.race([answer, socket.closed]) }
  }

  async function leave(sockets: readonly LightSocket[]): Promise<void> {
    for (const socket of sockets) socket.close()
    await Promise.all(sockets.map(closing))
  }

  test(`${LIMITS.socketsBeforeAuth} sockets of all addresses may be without auth`, async () => {
    const froms = addresses(LIMITS.socketsBeforeAuth / LIMITS.socketsBeforeAuthPerAddress)
    const strangers = await Promise.all(
      froms.flatMap((from) =>
        Array.from({ length: LIMITS.socketsBeforeAuthPerAddress }, () => openLight(server, { from })),
      ),
    )
    expect(strangers).toHaveLength(LIMITS.socketsBeforeAuth)
    const oneMore = await openLight(server, { from: "127.0.0.99" })
    expect(await closing(oneMore)).toBe(CLOSE.tooMany)
    await leave(strangers)
    const again = await openLight(server, { from: "127.0.0.99" })
    await leave([again])
  })

  test(`an address has ${LIMITS.socketsPerAddress} sockets, whatever their tokens, and another one is not hindered`, async () => {
    const open: LightSocket[] = []
    while (open.length < LIMITS.socketsPerAddress) {
      const { token } = await asRole(admin, "viewer")
      for (let i = 0; i < LIMITS.socketsPerToken && open.length < LIMITS.socketsPerAddress; i++) {
        const { socket, got } = await join("127.0.0.2", token)
        expect(got).toBe("auth_success")
        open.push(socket)
      }
    }
    const { token } = await asRole(admin, "viewer")
    expect((await join("127.0.0.2", token)).got).toBe(CLOSE.tooMany)
    const elsewhere = await join("127.0.0.3", token)
    expect(elsewhere.got).toBe("auth_success")
    await leave([...open, elsewhere.socket])
  })

  test("a token casts 2,000 votes at once, and another one is not hindered", async () => {
    const slow = await startServer(command, { flags: ["--vote-rate", "1"] })
    const owner = await asAdmin(slow)
    const { id } = (await owner("POST", "/api/sessions")).body
    await owner("POST", `/api/sessions/${id}/games`, { game_id: 1 })
    const [busy, calm] = [await asRole(owner, "bot"), await asRole(owner, "bot")]
    const vote = async (connection: Pipeline, username: string, { token }: Api) => {
      const body = new TextEncoder().encode(JSON.stringify({ username, vote: "up" }))
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }
      return (await connection.ask({ method: "POST", path: "/api/votes/live", headers, body }))?.status
    }
    const connections = await Promise.all(Array.from({ length: 20 }, () => openPipeline(slow)))
    const began = performance.now()
    const statuses = await Promise.all(
      connections.map(async (connection, i) => {
        const each: (number | undefined)[] = []
        for (let k = 0; k < 105; k++) each.push(await vote(connection, `voter ${i} ${k}`, busy))
        return each
      }),
    )
    const refilled = (performance.now() - began) / 1000
    const counted = statuses.flat().filter((status) => status === 200).length
    expect(statuses.flat().filter((status) => status === 429).length).toBe(2_100 - counted)
    expect(counted).toBeGreaterThanOrEqual(2_000)
    expect(counted).toBeLessThanOrEqual(2_001 + refilled)
    const calmOne = await openPipeline(slow)
    expect(await vote(calmOne, "ann", calm)).toBe(200)
    for (const connection of [...connections, calmOne]) connection.close()
    expect(await slow.stop()).toBe(0)
  })

  test("JSON may be nested 16 deep", async () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${"}".repeat(depth - 1)}`
    const wish = (depth: number) => createApi(server, admin.token)("POST", "/api/auth/login", nested(depth))
    expect((await wish(16)).body.error).toBe("Admin key is required")
    expect((await wish(17)).body.error).toBe("Cannot read the body: it is nested deeper than 16")
  })

  test("frames are never compressed, whatever the client offers", async () => {
    const offering = HANDSHAKE.replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
    const head = await within<string>("the answer to a handshake", (done) => {
      const handlers = { data: (chunk: Buffer) => done(chunk.toString("latin1")), closed: () => done("") }
      void openTcp(server.url, handlers).then(({ write }) => write(offering))
    })
    expect(head).toStartWith("HTTP/1.1 101 ")
    expect(head.toLowerCase()).not.toContain("sec-websocket-extensions")
  })
})
