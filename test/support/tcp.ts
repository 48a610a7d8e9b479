/** A TCP connection that keeps what the system does not take at once. */

export type Tcp = {
  write(bytes: Uint8Array | string): void
  /** Says that no more is sent; what waits goes out before. */
  end(): void
  /** Ends the connection with a reset. */
  reset(): void
  /** Reads no more until it is told to go on. */
  pause(): void
  resume(): void
}

export type TcpHandlers = { data(chunk: Buffer): void; closed(): void }

/** `from` is the address to call from, such as 127.0.0.2. */
export async function openTcp(url: string, handlers: TcpHandlers, from?: string): Promise<Tcp> {
  const { hostname, port } = new URL(url)
  const waiting: Uint8Array[] = []
  let ending = false
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    ...(from !== undefined && { localAddress: from }),
    socket: {
      data: (_socket, chunk) => handlers.data(Buffer.from(chunk)),
      close: handlers.closed,
      error: () => {},
      drain: flush,
    },
  })
  function flush(): void {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const taken = Math.max(0, socket.write(next))
      if (taken === next.length) continue
      waiting.unshift(next.subarray(taken))
      return
    }
    if (ending) socket.shutdown()
  }
  return {
    write(bytes) {
      waiting.push(typeof bytes === "string" ? Buffer.from(bytes) : bytes)
      if (waiting.length === 1) flush()
    },
    end() {
      ending = true
      if (waiting.length === 0) flush()
    },
    reset: () => void socket.terminate(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  }
}
