/** How many votes share one sync of the disk, counted by the system. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { checkStored, openNight } from "./night.ts"
import { newFolder, type Programs } from "./programs.ts"
import { createFigure, type Figure, noLessThan, type Plan } from "./report.ts"
import { castFor, openVoters } from "./voters.ts"

const STRACE = "/usr/bin/strace"
const CONNECTIONS = 64

export async function measureSyncs({ gamenight }: Programs, { short, log }: Plan): Promise<Figure[]> {
  if (!existsSync(STRACE)) {
    log("votes for each sync: not measured, it needs the Debian package strace")
    return []
  }
  const trace = join(newFolder(), "trace")
  const options = ["-D", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace]
  const syncs = () => readFileSync(trace, "utf8").match(/(fsync|fdatasync)\(/g)?.length ?? 0
  const night = await openNight({
    ...gamenight,
    command: (dataDir) => [STRACE, ...options, ...gamenight.command(dataDir)],
  })
  const voters = await openVoters(night.url, night.token, CONNECTIONS)
  const before = syncs()
  const { names } = await castFor(voters, short ? 1 : 5, "traced")
  const spent = syncs() - before
  for (const voter of voters) voter.close()
  await night.stop()
  checkStored(night, names)
  const name = `votes for each sync of the disk, ${CONNECTIONS} connections`
  return [createFigure(name, "", { [gamenight.name]: names.length / spent }, [noLessThan(15)])]
}
