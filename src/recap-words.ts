/** What a recap says, in each language of the pages. */

export type RecapLanguage = "en" | "de"

/** Parts of a day as a calendar of the language names them. */
type Day = { weekday: string; day: string; month: string; year: string }

export type RecapWords = {
  /** Names the days and months. */
  locale: string
  night: string
  day(parts: Day): string
  span(day: string, from: string, to: string | undefined): string
  length(hours: number, minutes: number): string
  games(n: number): string
  votes(n: number): string
  viewers(n: number): string
  /** What stands under a number. */
  tiles: { games(n: number): string; votes(n: number): string; viewers(n: number): string; length: string }
  tally(up: number, down: number): string
  noVotes: string
  skipped: string
  best: string
  more(n: number): string
  session(id: number): string
  markdown: {
    /** The numbers of the night; without votes `liked` is undefined. */
    summary(
      games: string,
      length: string,
      liked: { votes: string; tally: string; viewers: string } | undefined,
    ): string
    best: string
    columns: readonly [time: string, game: string, pack: string, votes: string]
  }
}

const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

const english: RecapWords = {
  locale: "en-GB",
  night: "Game night",
  day: ({ weekday, day, month, year }) => `${weekday}, ${day} ${month} ${year}`,
  span: (day, from, to) => `${day}, ${from}${to ? ` to ${to}` : ", still running"}`,
  length: (h, min) => [h > 0 && `${h} h`, (min > 0 || h === 0) && `${min} min`].filter(Boolean).join(" "),
  games: (n) => counted(n, "game", "games"),
  votes: (n) => counted(n, "vote", "votes"),
  viewers: (n) => counted(n, "viewer", "viewers"),
  tiles: {
    games: (n) => (n === 1 ? "game" : "games"),
    votes: (n) => (n === 1 ? "vote" : "votes"),
    viewers: (n) => (n === 1 ? "viewer voted" : "viewers voted"),
    length: "from start to end",
  },
  tally: (up, down) => `${up} up, ${down} down`,
  noVotes: "no votes",
  skipped: "skipped",
  best: "Best game of the night",
  more: (n) => `and ${counted(n, "game", "games")} more`,
  session: (id) => `session ${id}`,
  markdown: {
    summary: (games, length, liked) =>
      `**${games}** in ${length}, ${liked ? `**${liked.votes}** (${liked.tally}) of **${liked.viewers}**` : "without votes"}.`,
    best: "Best game",
    columns: ["time", "game", "pack", "votes"],
  },
}

const german: RecapWords = {
  locale: "de-DE",
  night: "Spieleabend",
  day: ({ weekday, day, month, year }) => `${weekday}, ${day}. ${month} ${year}`,
  span: (day, from, to) => `${day}, ${to ? `${from} bis ${to} Uhr` : `seit ${from} Uhr`}`,
  length: (h, min) => [h > 0 && `${h} Std.`, (min > 0 || h === 0) && `${min} Min.`].filter(Boolean).join(" "),
  games: (n) => counted(n, "Spiel", "Spiele"),
  votes: (n) => counted(n, "Stimme", "Stimmen"),
  viewers: (n) => counted(n, "Person", "Personen"),
  tiles: {
    games: (n) => (n === 1 ? "Spiel" : "Spiele"),
    votes: (n) => (n === 1 ? "Stimme" : "Stimmen"),
    viewers: (n) => (n === 1 ? "hat abgestimmt" : "haben abgestimmt"),
    length: "vom Anfang bis zum Ende",
  },
  tally: (up, down) => `${up} dafür, ${down} dagegen`,
  noVotes: "keine Stimmen",
  skipped: "ausgelassen",
  best: "Bestes Spiel des Abends",
  more: (n) => `und ${counted(n, "weiteres Spiel", "weitere Spiele")}`,
  session: (id) => `Abend ${id}`,
  markdown: {
    summary: (games, length, liked) =>
      `**${games}** in ${length}, ${liked ? `**${liked.votes}** (${liked.tally}) von **${liked.viewers}**` : "ohne Stimmen"}.`,
    best: "Bestes Spiel",
    columns: ["Zeit", "Spiel", "Pack", "Stimmen"],
  },
}

export const recapWords: Readonly<Record<RecapLanguage, RecapWords>> = { en: english, de: german }
