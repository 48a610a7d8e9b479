/** Requests that never come to their end, from clients in no hurry: each is cut, and nobody else waits for it. */
import { connect } from "node:net"
import { COMPILED, NODE_BUNDLE } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { startServer, within } from "../support/server.ts"

/** What an attacker sends at once, and what it lets drip byte by byte afterwards. */
type Attack = { name: string; first: string; drip: string; everyMs: number }

const LOGIN = "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
const SOCKET =
  "GET /api/sessions/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
const OPEN_SOCKET = `${SOCKET}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
const MANY = 1_000
const letters = "a".repeat(MANY)
/** The head of a masked text frame of 4,096 bytes, and then its letters. */
const frame = `\x81\xfe\x10\x00\x00\x00\x00\x00${letters}`

const ATTACKS: readonly Attack[] = [
  { name: "says nothing", first: "", drip: "", everyMs: 0 },
  {
    name: "drips a header every second",
    first: "GET /health HTTP/1.1\r\nX: ",
    drip: letters,
    everyMs: 1_000,
  },
  { name: "drips a header fast", first: "GET /health HTTP/1.1\r\nX: ", drip: letters, everyMs: 100 },
  { name: "stops in a header", first: "GET /health HTTP/1.1\r\nHost: loc", drip: "", everyMs: 0 },
  { name: "stops in a body", first: `${LOGIN}Content-Length: ${MANY}\r\n\r\n{`, drip: "", everyMs: 0 },
  {
    name: "drips a body every second",
    first: `${LOGIN}Content-Length: ${MANY}\r\n\r\n`,
    drip: letters,
    everyMs: 1_000,
  },
  {
    name: "drips a body fast",
    first: `${LOGIN}Content-Length: ${MANY}\r\n\r\n`,
    drip: letters,
    everyMs: 100,
  },
  {
    name: "drips a body in chunks",
    first: `${LOGIN}Transfer-Encoding: chunked\r\n\r\n`,
    drip: "1\r\n \r\n".repeat(MANY),
    everyMs: 100,
  },
  { name: "drips a handshake", first: `${SOCKET}X: `, drip: letters, everyMs: 200 },
  { name: "opens a socket and says nothing", first: OPEN_SOCKET, drip: "", everyMs: 0 },
  { name: "drips a frame into an open socket", first: OPEN_SOCKET, drip: frame, everyMs: 200 },
]

/** No connection may stay longer. */
const LONGEST_MS = 15_000
/** How long is waited for one that stays. */
const PATIENCE_MS = 25_000

/** Carries out one attack and gives how many milliseconds its connection lasted. */
function attack(url: string, { first, drip, everyMs }: Attack): Promise<number> {
  const { hostname, port } = new URL(url)
  return within(
    "the end of a slow request",
    (done) => {
      const begun = performance.now()
      const socket = connect(Number(port), hostname, () => void socket.write(first, "latin1"))
      let at = 0
      const dripping = drip
        ? setInterval(() => socket.writable && socket.write(drip.charAt(at++), "latin1"), everyMs)
        : undefined
      socket.on("error", () => socket.destroy())
      socket.on("end", () => socket.destroy())
      socket.on("close", () => {
        clearInterval(dripping)
        done(performance.now() - begun)
      })
      socket.resume()
    },
    PATIENCE_MS,
  )
}

/** Asks over and over while the attacks last; gives the longest anybody had to wait, in milliseconds. */
async function longestWait(url: string, attacks: Promise<unknown>): Promise<number> {
  let over = false
  void attacks.finally(() => {
    over = true
  })
  let longest = 0
  while (!over) {
    const begun = performance.now()
    const { status } = await fetch(`${url}/health`)
    if (status !== 200) throw new Error(`/health answered ${status}`)
    longest = Math.max(longest, performance.now() - begun)
    await Bun.sleep(50)
  }
  return longest
}

async function besiege(host: string, command: readonly string[], count: number): Promise<Figure[]> {
  const server = await startServer(command, { env: { GAMENIGHT_RATE_LIMITS: "off" } })
  const each = ATTACKS.flatMap((one) => Array.from({ length: count }, () => one))
  const attacks = Promise.all(
    each.map(async (one) => ({ name: one.name, lasted: await attack(server.url, one) })),
  )
  const waited = await longestWait(server.url, attacks)
  const [slowest] = (await attacks).sort((a, b) => b.lasted - a.lasted)
  const code = await server.stop()
  const defects = server.stderr().match(/Internal error/g)?.length ?? 0
  const lasted = slowest?.lasted ?? 0
  return [
    {
      name: `${host}: the longest of ${each.length} unfinished requests`,
      value: `${(lasted / 1000).toFixed(1)} s (${slowest?.name})`,
      goal: "at most 15 s",
      met: lasted <= LONGEST_MS + 500,
    },
    {
      name: `${host}: the longest wait of another client meanwhile`,
      value: `${waited.toFixed(0)} ms`,
      goal: "at most 1,000 ms",
      met: waited <= 1_000,
    },
    {
      name: `${host}: exit code, and defects in the log`,
      value: `${code}, ${defects}`,
      goal: "0, 0",
      met: code === 0 && defects === 0,
    },
  ]
}

export const scenario: Scenario = {
  name: "slow-http",
  promise: "Slow attackers are cut",
  short: 1,
  long: 50,
  async run({ count }) {
    const both = await Promise.all([besiege("Bun", COMPILED, count), besiege("Node", NODE_BUNDLE, count)])
    return both.flat()
  },
}
