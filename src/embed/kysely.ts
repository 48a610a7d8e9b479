/** How the programs hold Kysely: without what no query uses, and in the executable without bytecode; runs in build.ts only. */
import { readFileSync } from "node:fs"
import { join } from "node:path"

/** What no query of gamenight uses of Kysely, by its file: a quarter of it, and most of the time that it takes to load. */
const UNUSED: Record<string, string> = {
  "dialect/sqlite/sqlite-introspector.js": "SqliteIntrospector",
  "plugin/with-schema/with-schema-plugin.js": "WithSchemaPlugin",
  "query-builder/merge-query-builder.js": "MergeQueryBuilder",
  "schema/schema-module.js": "SchemaModule",
}

/** `root` is the folder of the repository. */
export const smallKysely = (root: string): Bun.BunPlugin[] => [
  { name: "native freeze", setup: useNativeFreeze },
  { name: "leave out", setup: (build) => leaveOutUnused(build, join(root, "node_modules/kysely/dist")) },
]

/**
 * Kysely calls its own `freeze` a hundred times while it loads. As a function of JavaScript that wakes the optimizing
 * compiler at every start, which costs 3 MB and a millisecond; the native one does the same without.
 */
function useNativeFreeze(build: Bun.PluginBuilder): void {
  build.onLoad({ filter: /kysely[\\/]dist[\\/]util[\\/]object-utils\.js$/ }, async ({ path }) => {
    const source = await Bun.file(path).text()
    const contents = source.replace(
      /export function freeze\(obj\) \{\s*return Object\.freeze\(obj\);\s*\}/,
      "export const freeze = Object.freeze;",
    )
    if (contents === source) throw new Error(`Cannot build: ${path} has no freeze function any more`)
    return { contents, loader: "js" }
  })
}

/** Puts a class that cannot be made in the place of each. */
function leaveOutUnused(build: Bun.PluginBuilder, dist: string): void {
  for (const [file, name] of Object.entries(UNUSED)) {
    const whole = join(dist, file)
    const exported = readFileSync(whole, "utf8").includes(`export class ${name} `)
    if (!exported) throw new Error(`Cannot build: ${whole} has no ${name} any more`)
    const reason = JSON.stringify(`${name} of Kysely is left out, see src/embed/kysely.ts`)
    const contents = `export class ${name} { constructor() { throw new Error(${reason}) } }`
    const filter = new RegExp(
      `kysely[\\\\/]dist[\\\\/]${file.replaceAll("/", "[\\\\/]").replace(".", "\\.")}$`,
    )
    build.onLoad({ filter }, () => ({ contents, loader: "js" }))
  }
}

/**
 * As bytecode Kysely takes half a megabyte, and saves a service five milliseconds of its first query. Bun makes
 * bytecode of all modules or of none, so the one that needs Kysely becomes a text, which is compiled when it is loaded.
 */
export async function withoutBytecode(root: string, plugins: Bun.BunPlugin[]): Promise<Bun.BunPlugin> {
  const { outputs } = await Bun.build({
    entrypoints: [join(root, "src/store/dialect.ts")],
    format: "cjs",
    // The names stay for the sake of stack traces.
    minify: { whitespace: true, syntax: true, identifiers: false },
    plugins,
  })
  const code = await outputs[0]?.text()
  return {
    name: "without bytecode",
    setup(build) {
      build.onLoad({ filter: /store[\\/]dialect\.ts$/ }, () => ({ contents: COMPILES_TEXT, loader: "js" }))
      build.onResolve({ filter: /^kysely-text$/ }, ({ path }) => ({ path, namespace: "text" }))
      build.onLoad({ filter: /^kysely-text$/, namespace: "text" }, () => ({
        contents: `${code}\n//# sourceURL=kysely.js`,
        loader: "text",
      }))
    },
  }
}

const COMPILES_TEXT = `import text from "kysely-text"
const module = { exports: {} }
new Function("module", text)(module)
export const { createKysely } = module.exports
`
