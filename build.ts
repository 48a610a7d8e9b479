/**
 * Builds what people download.
 *
 *   bun build.ts            dist/gamenight for this machine, and dist/node/ for Node
 *   bun build.ts --all      one file per platform, each with its SHA-256 in dist/SHA256SUMS
 *   bun build.ts --targets linux-arm64,windows-x64
 *
 * The same commit builds the same bytes on the same system: nothing of the folder or the moment goes in.
 */
import { createHash } from "node:crypto"
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import manifest from "./package.json" with { type: "json" }
import { documents } from "./src/describe/documents.ts"
import { writeAssets } from "./src/embed/assets.ts"
import { smallKysely, withoutBytecode } from "./src/embed/kysely.ts"
import { buildPages } from "./src/embed/pages.ts"

const ROOT = import.meta.dir
const DIST = join(ROOT, "dist")

/** The platforms of a release, as `--targets` names them. */
const TARGETS = [
  "linux-x64",
  "linux-arm64",
  "linux-x64-musl",
  "linux-arm64-musl",
  "darwin-x64",
  "darwin-arm64",
  "windows-x64",
] as const
type Target = (typeof TARGETS)[number]

/** The program as every executable holds it. */
const PROGRAM = {
  entrypoints: [join(ROOT, "src/main.bun.ts")],
  root: ROOT,
  target: "bun",
  format: "esm",
  minify: true,
  // What only some commands need is loaded when they run.
  splitting: true,
  plugins: [...smallKysely(ROOT), { name: "leave out comments", setup: leaveOutComments }],
} satisfies Bun.BuildConfig

/** What better-sqlite3 needs at run time and to be compiled where it ships no binary. */
const SQLITE_PARTS = ["lib", "prebuilds", "src", "deps", "binding.gyp", "package.json", "LICENSE"]

await main(process.argv.slice(2))

async function main(args: string[]): Promise<void> {
  const targets = targetsFrom(args)
  mkdirSync(DIST, { recursive: true })
  writeAssets(join(DIST, "web"), [
    ...(await buildPages(join(ROOT, "src/ui"))),
    ...(await documents(manifest.version)),
  ])
  const plugins = [await withoutBytecode(ROOT, PROGRAM.plugins), ...PROGRAM.plugins]
  const order = await recordStart(plugins)
  if (targets.length === 0) {
    const outfile = join(DIST, "gamenight")
    await compile(outfile, plugins, { order })
    report(outfile)
    await bundleForNode()
    return
  }
  const files = targets.map((target) => `gamenight-${target}${target.startsWith("windows") ? ".exe" : ""}`)
  for (const [at, target] of targets.entries()) {
    const outfile = join(DIST, String(files[at]))
    await compile(outfile, plugins, { target, order })
    report(outfile)
  }
  await bundleForNode()
  writeSums(files)
}

function targetsFrom(args: string[]): readonly Target[] {
  const [flag, list, ...rest] = args
  if (flag === undefined) return []
  if (flag === "--all" && list === undefined) return TARGETS
  const named = list?.split(",") ?? []
  const unknown = named.filter((name) => !TARGETS.some((target) => target === name))
  if (flag === "--targets" && named.length > 0 && unknown.length === 0 && rest.length === 0) {
    return TARGETS.filter((target) => named.includes(target))
  }
  console.error(`Cannot build: use --all, or --targets with names from ${TARGETS.join(", ")}`)
  process.exit(2)
}

/**
 * Starts the program over an existing database and gives the file with what it called. Bytecode laid out by it makes a
 * start read half a megabyte less, on every platform; two records of the same program are the same.
 */
async function recordStart(plugins: Bun.BunPlugin[]): Promise<string | undefined> {
  // Windows ends a process without a word, which then records nothing.
  if (process.platform === "win32") return undefined
  const folder = join(DIST, "start")
  const program = join(folder, "gamenight")
  const order = join(DIST, "start.order")
  for (const path of [folder, order]) rmSync(path, { recursive: true, force: true })
  await compile(program, plugins)
  // The first start makes the database.
  await startAndStop(program, { HOME: folder })
  await startAndStop(program, { HOME: folder, BUN_BYTECODE_ORDER_OUT: order })
  rmSync(folder, { recursive: true })
  return order
}

async function startAndStop(program: string, env: Record<string, string>): Promise<void> {
  const command = [program, "--host", "127.0.0.1", "--port", "0"]
  const service = Bun.spawn(command, { env, stdout: "pipe", stderr: "pipe" })
  let said = ""
  let isAsked = false
  for await (const text of service.stdout.pipeThrough(new TextDecoderStream())) {
    said += text
    const [, url] = /^Listening on (\S+)\n/m.exec(said) ?? []
    if (url === undefined || isAsked) continue
    isAsked = true
    await fetch(`${url}/health`)
    service.kill()
  }
  const complaint = await service.stderr.text()
  if ((await service.exited) !== 0) throw new Error(`Cannot build: the program does not start: ${complaint}`)
}

async function compile(
  outfile: string,
  plugins: Bun.BunPlugin[],
  { target, order }: { target?: Target; order?: string | undefined } = {},
): Promise<void> {
  rmSync(outfile, { force: true })
  const result = await Bun.build({
    ...PROGRAM,
    plugins,
    bytecode: true,
    sourcemap: "inline",
    compile: {
      ...(target && { target: `bun-${target}` as Bun.Build.CompileTarget }),
      outfile,
      ...(order !== undefined && { bytecodeOrder: order }),
      // Machine code is of no use to a start and costs it 0.9 MB; the host ends this with `started`.
      jitPolicy: 1_000,
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
  })
  // The executable holds its maps; the copies beside it are of no use to anybody.
  for (const { kind, path } of result.outputs) if (kind === "sourcemap") rmSync(path, { force: true })
  checkBuilt(result, outfile)
}

/** The maps hold every source, and those of dependencies are manuals for the most part; each line stays where it was. */
function leaveOutComments(build: Bun.PluginBuilder): void {
  build.onLoad({ filter: /node_modules[\\/](kysely|valibot|hono|jose)[\\/].*\.m?js$/ }, async ({ path }) => {
    const source = await Bun.file(path).text()
    const contents = source.replace(/^[ \t]*\/\*\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, ""))
    return { contents, loader: "js" }
  })
}

/** A folder that runs with `node gamenight.mjs`, its SQLite beside it. */
async function bundleForNode(): Promise<void> {
  const folder = join(DIST, "node")
  rmSync(folder, { recursive: true, force: true })
  const result = await Bun.build({
    entrypoints: [join(ROOT, "src/main.node.ts")],
    root: ROOT,
    outdir: folder,
    naming: {
      entry: "gamenight.mjs",
      chunk: "program/[name]-[hash].mjs",
      asset: "program/[name]-[hash].[ext]",
    },
    target: "node",
    format: "esm",
    // The entry looks at the version of Node before it loads the rest.
    splitting: true,
    minify: { whitespace: true, syntax: true, identifiers: false },
    external: ["better-sqlite3"],
    plugins: PROGRAM.plugins,
  })
  checkBuilt(result, join(folder, "gamenight.mjs"))
  const { name, version, description, license, engines, dependencies } = manifest
  const sqlite = "better-sqlite3"
  const own = {
    name,
    version,
    description,
    license,
    type: "module",
    bin: { gamenight: "gamenight.mjs" },
    engines: { node: engines.node },
    dependencies: { [sqlite]: dependencies[sqlite] },
  }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(own, null, 2)}\n`)
  for (const part of SQLITE_PARTS) copyModule(join(sqlite, part), folder)
  copyModule("node-addon-api", folder)
  const bytes = result.outputs.reduce((sum, { size }) => sum + size, 0)
  report(join(folder, "gamenight.mjs"), bytes)
}

function copyModule(path: string, folder: string): void {
  cpSync(join(ROOT, "node_modules", path), join(folder, "node_modules", path), {
    recursive: true,
    dereference: true,
  })
}

function checkBuilt({ success, logs }: Bun.BuildOutput, outfile: string): void {
  if (success) return
  for (const log of logs) console.error(log)
  throw new Error(`Cannot build ${outfile}: see the messages above`)
}

function report(outfile: string, bytes?: number): void {
  chmodSync(outfile, 0o755)
  const megabytes = ((bytes ?? Bun.file(outfile).size) / 1e6).toFixed(1)
  console.log(`Built ${outfile.slice(ROOT.length + 1)} (${megabytes} MB)`)
}

/** Of what was built now; older files may lie beside it. */
function writeSums(files: readonly string[]): void {
  const lines = files.toSorted().map((name) => {
    const sum = createHash("sha256").update(readFileSync(join(DIST, name)))
    return `${sum.digest("hex")}  ${name}\n`
  })
  writeFileSync(join(DIST, "SHA256SUMS"), lines.join(""))
  console.log("Built dist/SHA256SUMS")
}
