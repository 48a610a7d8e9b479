// Nothing is imported before the check: an older Node fails on what the program and its SQLite are made of.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 14)) {
  console.error(`Cannot start: gamenight needs Node 22.14 or later, this is ${process.versions.node}`)
  process.exit(2)
}

process.umask(0o077)
const { runCommandLine } = await import("./cli/main.ts")
const { createNodeHost } = await import("./hosts/node.ts")
process.exit(await runCommandLine(createNodeHost(), process.argv.slice(2), process.env))
