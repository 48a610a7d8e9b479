/** The web pages and their parts as the documents describe them. */
import * as v from "valibot"
import { type Content, type Descriptions, text, UNCHANGED } from "./parts.ts"

const embedded = (id: string, summary: string, ...types: string[]): Descriptions[string] => {
  const kinds = types.length > 0 ? types : ["text/html"]
  const content: Record<string, Content> = Object.fromEntries(
    kinds.map((type) => [type, { schema: type.endsWith("json") ? v.looseObject({ name: text }) : text }]),
  )
  return {
    id: `pages.${id}`,
    tag: "Service",
    summary,
    heeds: ["If-None-Match"],
    answers: { 200: { description: "It is there.", headers: ["ETag"], content }, ...UNCHANGED },
  }
}

export const pageDescriptions: Descriptions = {
  "GET /": embedded("tonight", "The page of tonight"),
  "GET /login": embedded("login", "The page to log in"),
  "GET /setup": {
    ...embedded("setup", "The page behind the one-time setup link"),
    description:
      "The code stands behind `?code=`. Opening it changes nothing; the page has the button that uses it.",
  },
  "GET /pick": embedded("pick", "The page to pick a game"),
  "GET /games": embedded("games", "The page of the catalogue"),
  "GET /history": embedded("history", "The page of past nights"),
  "GET /history/:id": embedded("night", "The page of one night"),
  "GET /settings": embedded("settings", "The page of tokens, bots and looks"),
  "GET /vote": embedded("vote", "The page for phones"),
  "GET /big": embedded("big", "The page for a television"),
  "GET /overlay": embedded("overlay", "The page for a stream"),
  "GET /assets/:name": {
    ...embedded("asset", "A script or the style sheet of the pages", "text/javascript", "text/css"),
    description: "Its name changes with its content.",
    problems: ["not_found"],
  },
  "GET /manifest.webmanifest": embedded(
    "manifest",
    "What lets a browser install the pages",
    "application/manifest+json",
  ),
  "GET /icon-192.png": embedded("smallIcon", "The picture of the pages", "image/png"),
  "GET /icon-512.png": embedded("largeIcon", "The picture of the pages, larger", "image/png"),
  "GET /favicon.svg": embedded("icon", "The picture of the pages, as a drawing", "image/svg+xml"),
}
