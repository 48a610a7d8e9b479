import { runCommandLine } from "./cli/main.ts"
import { createNodeHost } from "./hosts/node.ts"

process.umask(0o077)
process.exit(await runCommandLine(createNodeHost(), process.argv.slice(2), process.env))
