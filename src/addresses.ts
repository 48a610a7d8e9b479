/** Whose request it is, and how limits count addresses: IPv4 whole, IPv6 by its /64, which is one household. */

/** `"::ffff:192.0.2.7"` and `"192.0.2.7"` are one address; `"2001:db8:1:2::5"` counts as `"2001:db8:1:2::/64"`. */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  if (!address.includes(":")) return address
  const [head = "", tail] = (address.split("%")[0] ?? "").toLowerCase().split("::")
  const front = head === "" ? [] : head.split(":")
  const back = tail ? tail.split(":") : []
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  const groups = [...front, ...Array<string>(zeros).fill("0"), ...back].map((group) =>
    Number.parseInt(group, 16),
  )
  const [high = 0, low = 0] = groups.slice(6)
  if (groups.slice(0, 6).join() === "0,0,0,0,0,65535")
    return [high >> 8, high & 255, low >> 8, low & 255].join(".")
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`
}

/** The address a request comes from, as `X-Forwarded-For` tells it where a trusted proxy passed it on. */
export type ClientAddress = (peer: string, forwardedFor: string | null) => string

/**
 * `trusted` holds addresses and networks such as `10.0.0.0/8`. Each proxy adds the address it was called from at the
 * end of the header, so the last one that is no proxy of ours is the client; what stands before it anybody can claim.
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) return (peer) => peer
  const { BlockList, isIP } = process.getBuiltinModule("node:net")
  const proxies = new BlockList()
  for (const entry of trusted) {
    const [address = "", prefix] = entry.split("/")
    const family = isIP(address) === 6 ? "ipv6" : "ipv4"
    if (prefix === undefined) proxies.addAddress(address, family)
    else proxies.addSubnet(address, Number(prefix), family)
  }
  const isProxy = (address: string) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "")
    const family = isIP(plain)
    return family !== 0 && proxies.check(plain, family === 6 ? "ipv6" : "ipv4")
  }
  return (peer, forwardedFor) => {
    const path = [...(forwardedFor ?? "").split(",").map(withoutPort), peer]
    const client = path.findLast((address) => !isProxy(address))
    return client !== undefined && isIP(client) !== 0 ? client : peer
  }
}

/** Some proxies write `192.0.2.7:5678`, `[2001:db8::1]:5678` or `[2001:db8::1]`. */
function withoutPort(part: string): string {
  const text = part.trim()
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
}

/** Whether `text` is an address or a network, as `createClientAddress` takes them. */
export function isNetwork(text: string): boolean {
  const [address = "", prefix, ...more] = text.split("/")
  const family = process.getBuiltinModule("node:net").isIP(address)
  if (family === 0 || more.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32))
}
