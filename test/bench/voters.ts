/** Connections that vote: an HTTP/1.1 client of a few lines, so that the side that measures has little to do. */
export type Voter = {
  /** Resolves with the milliseconds from the request to its answer; rejects for any other answer than 200. */
  cast(username: string): Promise<number>
  close(): void
}

type Asked = { begun: number; resolve(took: number): void; reject(error: Error): void }

export async function openVoter(url: string, token: string): Promise<Voter> {
  const { hostname, port } = new URL(url)
  const head = [
    "POST /api/votes/live HTTP/1.1",
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    "Content-Length: ",
  ].join("\r\n")
  let asked: Asked | undefined
  let received = ""

  function read(chunk: Buffer): void {
    received += chunk.toString("latin1")
    const end = received.indexOf("\r\n\r\n")
    if (end < 0) return
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1])
    if (received.length < end + 4 + length) return
    const answer = received
    received = ""
    const { begun, resolve, reject } = asked ?? { begun: 0, resolve() {}, reject() {} }
    asked = undefined
    if (answer.startsWith("HTTP/1.1 200")) resolve(performance.now() - begun)
    else reject(new Error(`Cannot measure: a vote was answered ${answer}`))
  }
  const connect = () =>
    Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        data: (_, chunk) => read(chunk),
        close() {
          socket = undefined
          asked?.reject(new Error("Cannot measure: the connection ended before the answer"))
        },
        error: () => {},
      },
    })
  let socket: Bun.Socket | undefined = await connect()
  return {
    async cast(username) {
      // A service may end a connection that was quiet for a while.
      socket ??= await connect()
      const body = `{"username":"${username}","vote":"up"}`
      return new Promise((resolve, reject) => {
        asked = { begun: performance.now(), resolve, reject }
        socket?.write(`${head}${body.length}\r\n\r\n${body}`)
      })
    },
    close: () => socket?.end(),
  }
}

export const openVoters = (url: string, token: string, count: number): Promise<Voter[]> =>
  Promise.all(Array.from({ length: count }, () => openVoter(url, token)))

export type Cast = { names: string[]; tookMs: number[]; seconds: number }

/** Every connection casts one vote after the other until the time is over or, in `dying`, the service is. */
export async function castFor(
  voters: readonly Voter[],
  seconds: number,
  name: string,
  { dying = false } = {},
): Promise<Cast> {
  const names: string[] = []
  const tookMs: number[] = []
  const begun = performance.now()
  const end = begun + seconds * 1000
  await Promise.all(
    voters.map(async (voter, at) => {
      for (let n = 0; performance.now() < end; n++) {
        const username = `${name}-${at}-${n}`
        const took = await voter.cast(username).catch((error) => {
          if (dying) return undefined
          throw error
        })
        if (took === undefined) return
        names.push(username)
        tookMs.push(took)
      }
    }),
  )
  return { names, tookMs, seconds: (performance.now() - begun) / 1000 }
}
