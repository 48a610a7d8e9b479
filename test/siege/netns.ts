/** A machine beside this one, made of a network namespace and a cable between the two that can be unplugged. */
import { existsSync } from "node:fs"

export type Neighbour = {
  /** The addresses at the two ends of the cable. */
  here: string
  there: string
  /** Runs a command over there. */
  command(words: readonly string[]): string[]
  unplug(): void
  plugIn(): void
  remove(): void
}

const IP = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].find((path) => existsSync(path)) ?? "ip"
const name = `gamenight-${process.pid}`
/** RFC 2544 gives this network to the tests of benches; nobody is to be met there. */
const HERE = "198.18.0.1"
const THERE = "198.18.0.2"

/** Throws what `ip` said when it refuses. */
function ip(words: string): void {
  const { success, stderr } = Bun.spawnSync([IP, ...words.split(" ")], { stdout: "ignore", stderr: "pipe" })
  if (!success) throw new Error(`Cannot run ip ${words}: ${stderr}`)
}

/** Why there can be no neighbour here. */
export function missingNeighbour(): string | undefined {
  if (!existsSync(IP)) return "needs the Debian package iproute2"
  try {
    createNeighbour().remove()
    return undefined
  } catch {
    return "needs the right to make a network namespace"
  }
}

export function createNeighbour(): Neighbour {
  // A name of an interface has 15 letters at most.
  const [ours, theirs] = [`gn${process.pid}a`, `gn${process.pid}b`]
  ip(`netns add ${name}`)
  const remove = () => {
    // A namespace takes its end of the cable along, but only some time later.
    Bun.spawnSync([IP, "link", "delete", ours], { stderr: "ignore" })
    ip(`netns delete ${name}`)
  }
  try {
    ip(`link add ${ours} type veth peer name ${theirs} netns ${name}`)
    ip(`addr add ${HERE}/30 dev ${ours}`)
    ip(`link set ${ours} up`)
    ip(`-n ${name} addr add ${THERE}/30 dev ${theirs}`)
    ip(`-n ${name} link set ${theirs} up`)
  } catch (error) {
    remove()
    throw error
  }
  return {
    here: HERE,
    there: THERE,
    command: (words) => [IP, "netns", "exec", name, ...words],
    // Taken down over there: our side learns as little as of a phone that left the room.
    unplug: () => ip(`-n ${name} link set ${theirs} down`),
    plugIn: () => ip(`-n ${name} link set ${theirs} up`),
    remove,
  }
}
