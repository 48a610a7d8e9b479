import { runCommandLine } from "./cli/main.ts"
import { createBunHost } from "./hosts/bun.ts"

process.umask(0o077)
process.exit(await runCommandLine(createBunHost(), process.argv.slice(2), process.env))
