/** Looks at TCP connections the way the system sees them. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs"

const ESTABLISHED = "01"

/** How many connections to callers from this IPv4 address a process holds. */
export function callersFrom(pid: number, address: string): number {
  const inHex = Buffer.from(address.split(".").map(Number).reverse()).toString("hex").toUpperCase()
  const own = inodesOf(pid)
  const lines = readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1)
  const found = lines.flatMap((line) => {
    const [, , remote = "", state, , , , , , inode = ""] = line.trim().split(/\s+/)
    return state === ESTABLISHED && remote.startsWith(`${inHex}:`) && own.has(inode) ? [inode] : []
  })
  // While connections come and go the system may tell of one twice.
  return new Set(found).size
}

function inodesOf(pid: number): Set<string> {
  const found = new Set<string>()
  for (const file of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`)) ?? []
      if (inode) found.add(inode)
    } catch {
      // It was closed while it was looked at.
    }
  }
  return found
}
