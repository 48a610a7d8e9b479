/** Builds the web pages: their scripts, one style sheet, and the documents that name them. Runs in build.ts only. */
import { readFileSync } from "node:fs"
import { basename, join } from "node:path"
import type { EmbeddedFile } from "./assets.ts"

type Shell = { path: string; title: string; script: "app" | "stage"; kind: string; soon?: "others" }

/** Tonight, all other pages of the hosts, and what is for everyone. */
const SHELLS: readonly Shell[] = [
  { path: "/", title: "gamenight", script: "app", kind: "app" },
  { path: "/pick", title: "gamenight", script: "app", kind: "app", soon: "others" },
  { path: "/vote", title: "Vote · gamenight", script: "stage", kind: "vote" },
  { path: "/big", title: "gamenight", script: "stage", kind: "big" },
  { path: "/overlay", title: "gamenight", script: "stage", kind: "overlay" },
]

/**
 * Nothing from elsewhere and no script or style inside the document. Browsers differ on whether 'self' covers our own
 * socket, so it is named. Only the overlay may stand in a frame: there is nothing in it to click.
 */
const policyOf = ({ kind }: Shell): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self' ws://{host} wss://{host}",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    kind === "overlay" ? "frame-ancestors *" : "frame-ancestors 'none'",
  ].join("; ")

const MANIFEST = {
  name: "gamenight",
  short_name: "gamenight",
  description: "Tonight's games, votes and the next pick",
  id: "/",
  start_url: "/",
  scope: "/",
  display: "standalone",
  background_color: "#12101a",
  theme_color: "#12101a",
  icons: [
    { src: "/icon-192.png", sizes: "192x192", type: "image/png", purpose: "any maskable" },
    { src: "/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any maskable" },
    { src: "/favicon.svg", sizes: "any", type: "image/svg+xml" },
  ],
}

/** `folder` is src/ui. */
export async function buildPages(folder: string): Promise<EmbeddedFile[]> {
  // Built together, the two scripts would share a third; and what the first page needs is to come in one.
  const built = [
    ...(await bundle(folder, ["app.tsx"])),
    ...(await bundle(folder, ["stage.tsx", "styles/style.css"])),
  ]
  const named = (name: string): string => {
    const found = built.find(({ path }) => path.startsWith(`/assets/${name}-`))
    if (!found) throw new Error(`Cannot build the pages: ${name} is missing`)
    return found.path
  }
  const style = named("style")
  const picture = (name: string) => ({ path: `/${name}`, content: readFileSync(join(folder, name)) })
  return [
    ...SHELLS.map((shell) => ({
      path: shell.path,
      content: documentOf(shell, style, named(shell.script), shell.soon && named(shell.soon)),
      policy: policyOf(shell),
    })),
    ...built,
    { path: "/manifest.webmanifest", content: JSON.stringify(MANIFEST) },
    ...["favicon.svg", "icon-192.png", "icon-512.png"].map(picture),
  ]
}

/** The scripts and styles of some entries. What is imported by a call comes in a script of its own. */
async function bundle(folder: string, entries: readonly string[]): Promise<EmbeddedFile[]> {
  const { outputs } = await Bun.build({
    entrypoints: entries.map((name) => join(folder, name)),
    root: folder,
    target: "browser",
    minify: true,
    splitting: true,
    // What the tools of developers would like to know doubles the calls.
    jsx: { runtime: "automatic", importSource: "preact", development: false },
    naming: { entry: "[name]-[hash].[ext]", chunk: "[name]-[hash].[ext]" },
  })
  return Promise.all(
    outputs.map(async (output) => ({
      path: `/assets/${basename(output.path)}`,
      content: await output.text(),
      forever: true,
    })),
  )
}

const documentOf = ({ title, kind }: Shell, style: string, script: string, soon?: string): string =>
  `<!doctype html><html lang="en" class="${kind}"><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="dark light"><meta name="theme-color" content="#12101a">
<meta name="theme-color" content="#f5f2fb" media="(prefers-color-scheme: light)">
<link rel="icon" href="/favicon.svg"><link rel="manifest" href="/manifest.webmanifest">
<link rel="apple-touch-icon" href="/icon-192.png"><link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>${soon ? `<link rel="modulepreload" href="${soon}">` : ""}
<body><div id="page"></div><noscript>This page needs JavaScript. The API does not: see the README.</noscript></html>
`
