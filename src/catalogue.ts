/**
 * The shipped games: facts only. Titles are trademarks of their owners; gamenight is not affiliated with them.
 *
 * Where a source says nothing the cell is null or "Unknown", never a guess. A flag has no third value: its 0 means no
 * or not known. Unreleased games come disabled.
 */

export type CatalogueGame = {
  /** Never changes once released: it tells which games a database has had. */
  key: string
  title: string
  /** The first is the pack the game is listed under. */
  packs: readonly [string, ...string[]]
  min_players: number
  max_players: number
  /** The middle of the usual length of one round. */
  length_minutes: number | null
  /** 0 where it has none, or no source tells. */
  has_audience: 0 | 1
  /** 0 where it is not, or no source tells. */
  family_friendly: 0 | 1
  /** Drawing, Writing, Trivia, Deduction, Talking, Word; Party where it is none of these. */
  game_type: string
  secondary_type: string | null
  /** What chat types for this game, as in `QPL3++`. */
  ticker: string
  enabled: 0 | 1
}

// biome-ignore format: one game, one line
export const catalogue: readonly CatalogueGame[] = [
  { key: "you-dont-know-jack-2015", title: "You Don't Know Jack 2015", packs: ["The Jackbox Party Pack"], min_players: 1, max_players: 4, length_minutes: 18, has_audience: 0, family_friendly: 0, game_type: "Trivia", secondary_type: null, ticker: "YDKJ", enabled: 1 },
  { key: "drawful", title: "Drawful", packs: ["The Jackbox Party Pack"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 0, family_friendly: 0, game_type: "Drawing", secondary_type: "Writing", ticker: "DRWF", enabled: 1 },
  { key: "word-spud", title: "Word Spud", packs: ["The Jackbox Party Pack"], min_players: 2, max_players: 8, length_minutes: 13, has_audience: 0, family_friendly: 1, game_type: "Word", secondary_type: "Writing", ticker: "SPUD", enabled: 1 },
  { key: "lie-swatter", title: "Lie Swatter", packs: ["The Jackbox Party Pack"], min_players: 1, max_players: 100, length_minutes: 13, has_audience: 0, family_friendly: 0, game_type: "Trivia", secondary_type: null, ticker: "LIE", enabled: 1 },
  { key: "fibbage-xl", title: "Fibbage XL", packs: ["The Jackbox Party Pack", "Fibbage XL"], min_players: 2, max_players: 8, length_minutes: 18, has_audience: 0, family_friendly: 0, game_type: "Writing", secondary_type: "Trivia", ticker: "FBXL", enabled: 1 },
  { key: "fibbage-2", title: "Fibbage 2", packs: ["The Jackbox Party Pack 2"], min_players: 2, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: "Trivia", ticker: "FIB2", enabled: 1 },
  { key: "earwax", title: "Earwax", packs: ["The Jackbox Party Pack 2"], min_players: 3, max_players: 8, length_minutes: 20, has_audience: 1, family_friendly: 1, game_type: "Party", secondary_type: null, ticker: "EAR", enabled: 1 },
  { key: "bidiots", title: "Bidiots", packs: ["The Jackbox Party Pack 2"], min_players: 3, max_players: 6, length_minutes: 23, has_audience: 0, family_friendly: 1, game_type: "Drawing", secondary_type: "Deduction", ticker: "BID", enabled: 1 },
  { key: "quiplash-xl", title: "Quiplash XL", packs: ["The Jackbox Party Pack 2"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "QPXL", enabled: 1 },
  { key: "bomb-corp", title: "Bomb Corp.", packs: ["The Jackbox Party Pack 2"], min_players: 1, max_players: 4, length_minutes: 8, has_audience: 0, family_friendly: 1, game_type: "Talking", secondary_type: null, ticker: "BOMB", enabled: 1 },
  { key: "quiplash-2", title: "Quiplash 2", packs: ["The Jackbox Party Pack 3"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "QPL2", enabled: 1 },
  { key: "trivia-murder-party", title: "Trivia Murder Party", packs: ["The Jackbox Party Pack 3"], min_players: 1, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 0, game_type: "Trivia", secondary_type: null, ticker: "TMP", enabled: 1 },
  { key: "guesspionage", title: "Guesspionage", packs: ["The Jackbox Party Pack 3"], min_players: 2, max_players: 8, length_minutes: 13, has_audience: 1, family_friendly: 1, game_type: "Trivia", secondary_type: null, ticker: "GUES", enabled: 1 },
  { key: "fakin-it", title: "Fakin' It!", packs: ["The Jackbox Party Pack 3"], min_players: 3, max_players: 6, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Deduction", secondary_type: "Talking", ticker: "FAKE", enabled: 1 },
  { key: "tee-ko", title: "Tee K.O.", packs: ["The Jackbox Party Pack 3", "The Jackbox Party Starter"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Drawing", secondary_type: "Writing", ticker: "TKO", enabled: 1 },
  { key: "fibbage-3", title: "Fibbage 3", packs: ["The Jackbox Party Pack 4"], min_players: 2, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: "Trivia", ticker: "FIB3", enabled: 1 },
  { key: "survive-the-internet", title: "Survive the Internet", packs: ["The Jackbox Party Pack 4"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "STI", enabled: 1 },
  { key: "monster-seeking-monster", title: "Monster Seeking Monster", packs: ["The Jackbox Party Pack 4"], min_players: 3, max_players: 7, length_minutes: 23, has_audience: 1, family_friendly: 0, game_type: "Writing", secondary_type: "Deduction", ticker: "MSM", enabled: 1 },
  { key: "bracketeering", title: "Bracketeering", packs: ["The Jackbox Party Pack 4"], min_players: 3, max_players: 16, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "BRKT", enabled: 1 },
  { key: "civic-doodle", title: "Civic Doodle", packs: ["The Jackbox Party Pack 4"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Drawing", secondary_type: null, ticker: "CIV", enabled: 1 },
  { key: "you-dont-know-jack-full-stream", title: "You Don't Know Jack: Full Stream", packs: ["The Jackbox Party Pack 5"], min_players: 1, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 0, game_type: "Trivia", secondary_type: null, ticker: "YDKF", enabled: 1 },
  { key: "split-the-room", title: "Split the Room", packs: ["The Jackbox Party Pack 5"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: "Deduction", ticker: "STR", enabled: 1 },
  { key: "mad-verse-city", title: "Mad Verse City", packs: ["The Jackbox Party Pack 5"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "MVC", enabled: 1 },
  { key: "zeeple-dome", title: "Zeeple Dome", packs: ["The Jackbox Party Pack 5"], min_players: 1, max_players: 6, length_minutes: 13, has_audience: 0, family_friendly: 1, game_type: "Party", secondary_type: null, ticker: "ZEEP", enabled: 1 },
  { key: "patently-stupid", title: "Patently Stupid", packs: ["The Jackbox Party Pack 5"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Drawing", secondary_type: "Talking", ticker: "PS", enabled: 1 },
  { key: "trivia-murder-party-2", title: "Trivia Murder Party 2", packs: ["The Jackbox Party Pack 6", "The Jackbox Party Starter"], min_players: 1, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 0, game_type: "Trivia", secondary_type: null, ticker: "TMP2", enabled: 1 },
  { key: "role-models", title: "Role Models", packs: ["The Jackbox Party Pack 6"], min_players: 3, max_players: 6, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: "Talking", ticker: "ROLE", enabled: 1 },
  { key: "joke-boat", title: "Joke Boat", packs: ["The Jackbox Party Pack 6"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: "Talking", ticker: "JOKE", enabled: 1 },
  { key: "dictionarium", title: "Dictionarium", packs: ["The Jackbox Party Pack 6"], min_players: 3, max_players: 8, length_minutes: 13, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "DICT", enabled: 1 },
  { key: "push-the-button", title: "Push the Button", packs: ["The Jackbox Party Pack 6"], min_players: 4, max_players: 10, length_minutes: 20, has_audience: 0, family_friendly: 1, game_type: "Deduction", secondary_type: "Talking", ticker: "PTB", enabled: 1 },
  { key: "quiplash-3", title: "Quiplash 3", packs: ["The Jackbox Party Pack 7", "The Jackbox Party Starter", "The Jackbox Party Essentials"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "QPL3", enabled: 1 },
  { key: "the-devils-and-the-details", title: "The Devils and the Details", packs: ["The Jackbox Party Pack 7"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Talking", secondary_type: "Deduction", ticker: "DEV", enabled: 1 },
  { key: "champd-up", title: "Champ'd Up", packs: ["The Jackbox Party Pack 7"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Drawing", secondary_type: "Writing", ticker: "CHMP", enabled: 1 },
  { key: "talking-points", title: "Talking Points", packs: ["The Jackbox Party Pack 7"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Talking", secondary_type: "Writing", ticker: "TALK", enabled: 1 },
  { key: "blather-round", title: "Blather 'Round", packs: ["The Jackbox Party Pack 7"], min_players: 2, max_players: 6, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Word", secondary_type: "Trivia", ticker: "BLTH", enabled: 1 },
  { key: "drawful-animate", title: "Drawful: Animate", packs: ["The Jackbox Party Pack 8"], min_players: 3, max_players: 10, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Drawing", secondary_type: "Writing", ticker: "DRWA", enabled: 1 },
  { key: "the-wheel-of-enormous-proportions", title: "The Wheel of Enormous Proportions", packs: ["The Jackbox Party Pack 8"], min_players: 2, max_players: 8, length_minutes: 20, has_audience: 1, family_friendly: 1, game_type: "Trivia", secondary_type: null, ticker: "WHEL", enabled: 1 },
  { key: "job-job", title: "Job Job", packs: ["The Jackbox Party Pack 8"], min_players: 3, max_players: 10, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "JOB", enabled: 1 },
  { key: "the-poll-mine", title: "The Poll Mine", packs: ["The Jackbox Party Pack 8"], min_players: 2, max_players: 10, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Talking", secondary_type: "Deduction", ticker: "POLL", enabled: 1 },
  { key: "weapons-drawn", title: "Weapons Drawn", packs: ["The Jackbox Party Pack 8"], min_players: 4, max_players: 8, length_minutes: 25, has_audience: 1, family_friendly: 0, game_type: "Drawing", secondary_type: "Talking", ticker: "WPN", enabled: 1 },
  { key: "fibbage-4", title: "Fibbage 4", packs: ["The Jackbox Party Pack 9", "The Jackbox Party Essentials"], min_players: 2, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: "Trivia", ticker: "FIB4", enabled: 1 },
  { key: "roomerang", title: "Roomerang", packs: ["The Jackbox Party Pack 9"], min_players: 4, max_players: 9, length_minutes: 28, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "ROOM", enabled: 1 },
  { key: "junktopia", title: "Junktopia", packs: ["The Jackbox Party Pack 9"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: "Talking", ticker: "JUNK", enabled: 1 },
  { key: "nonsensory", title: "Nonsensory", packs: ["The Jackbox Party Pack 9"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Drawing", secondary_type: "Writing", ticker: "NON", enabled: 1 },
  { key: "quixort", title: "Quixort", packs: ["The Jackbox Party Pack 9"], min_players: 1, max_players: 10, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Trivia", secondary_type: "Talking", ticker: "QXRT", enabled: 1 },
  { key: "tee-ko-2", title: "Tee K.O. 2", packs: ["The Jackbox Party Pack 10"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Drawing", secondary_type: "Writing", ticker: "TKO2", enabled: 1 },
  { key: "timejinx", title: "Timejinx", packs: ["The Jackbox Party Pack 10"], min_players: 1, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Trivia", secondary_type: null, ticker: "TIME", enabled: 1 },
  { key: "fixytext", title: "FixyText", packs: ["The Jackbox Party Pack 10"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "FIXY", enabled: 1 },
  { key: "dodo-re-mi", title: "Dodo Re Mi", packs: ["The Jackbox Party Pack 10"], min_players: 1, max_players: 9, length_minutes: 8, has_audience: 1, family_friendly: 1, game_type: "Party", secondary_type: null, ticker: "DODO", enabled: 1 },
  { key: "hypnotorious", title: "Hypnotorious", packs: ["The Jackbox Party Pack 10"], min_players: 4, max_players: 8, length_minutes: 25, has_audience: 1, family_friendly: 1, game_type: "Deduction", secondary_type: "Writing", ticker: "HYPN", enabled: 1 },
  { key: "doominate", title: "Doominate", packs: ["The Jackbox Party Pack 11"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "DOOM", enabled: 1 },
  { key: "hear-say", title: "Hear Say", packs: ["The Jackbox Party Pack 11"], min_players: 2, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Talking", secondary_type: null, ticker: "HEAR", enabled: 1 },
  { key: "cookie-haus", title: "Cookie Haus", packs: ["The Jackbox Party Pack 11"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Drawing", secondary_type: "Writing", ticker: "COOK", enabled: 1 },
  { key: "suspectives", title: "Suspectives", packs: ["The Jackbox Party Pack 11"], min_players: 4, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Deduction", secondary_type: "Talking", ticker: "SUSP", enabled: 1 },
  { key: "legends-of-trivia", title: "Legends of Trivia", packs: ["The Jackbox Party Pack 11"], min_players: 1, max_players: 6, length_minutes: 25, has_audience: 1, family_friendly: 1, game_type: "Trivia", secondary_type: "Talking", ticker: "LOT", enabled: 1 },
  { key: "fakin-it-all-night-long", title: "Fakin' It All Night Long", packs: ["The Jackbox Naughty Pack"], min_players: 3, max_players: 8, length_minutes: 25, has_audience: 1, family_friendly: 0, game_type: "Deduction", secondary_type: "Talking", ticker: "FKNL", enabled: 1 },
  { key: "dirty-drawful", title: "Dirty Drawful", packs: ["The Jackbox Naughty Pack"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 0, game_type: "Drawing", secondary_type: "Writing", ticker: "DIRT", enabled: 1 },
  { key: "let-me-finish", title: "Let Me Finish", packs: ["The Jackbox Naughty Pack"], min_players: 3, max_players: 8, length_minutes: 13, has_audience: 1, family_friendly: 0, game_type: "Drawing", secondary_type: "Writing", ticker: "LMF", enabled: 1 },
  { key: "the-jackbox-survey-scramble", title: "The Jackbox Survey Scramble", packs: ["The Jackbox Survey Scramble"], min_players: 2, max_players: 10, length_minutes: 10, has_audience: 1, family_friendly: 1, game_type: "Trivia", secondary_type: "Deduction", ticker: "SURV", enabled: 1 },
  { key: "quiplash", title: "Quiplash", packs: ["Quiplash"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "QPL", enabled: 1 },
  { key: "quiplash-2-interlashional", title: "Quiplash 2 InterLASHional", packs: ["Quiplash 2 InterLASHional"], min_players: 3, max_players: 8, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "QP2I", enabled: 1 },
  { key: "drawful-2", title: "Drawful 2", packs: ["Drawful 2", "The Jackbox Party Essentials"], min_players: 3, max_players: 8, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Drawing", secondary_type: "Writing", ticker: "DRW2", enabled: 1 },
  { key: "use-your-words", title: "Use Your Words", packs: ["Other party games"], min_players: 3, max_players: 6, length_minutes: 23, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "UYW", enabled: 1 },
  { key: "what-the-dub", title: "What The Dub?!", packs: ["Other party games"], min_players: 1, max_players: 6, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "DUB", enabled: 1 },
  { key: "rifftrax-the-game", title: "RiffTrax: The Game", packs: ["Other party games"], min_players: 1, max_players: 6, length_minutes: 18, has_audience: 1, family_friendly: 1, game_type: "Writing", secondary_type: null, ticker: "RIFF", enabled: 1 },
  { key: "paper-pirates", title: "Paper Pirates", packs: ["Other party games"], min_players: 1, max_players: 10, length_minutes: 25, has_audience: 1, family_friendly: 1, game_type: "Deduction", secondary_type: "Talking", ticker: "PAPR", enabled: 1 },
  { key: "papas-quiz", title: "Papa's Quiz", packs: ["Other party games"], min_players: 1, max_players: 8, length_minutes: 18, has_audience: 0, family_friendly: 1, game_type: "Trivia", secondary_type: null, ticker: "PAPA", enabled: 1 },
  { key: "idol-factions", title: "Idol Factions", packs: ["The Jackbox Party Pack 12"], min_players: 2, max_players: 8, length_minutes: null, has_audience: 0, family_friendly: 0, game_type: "Unknown", secondary_type: null, ticker: "IDOL", enabled: 0 },
  { key: "we-forgot-a-card", title: "We Forgot a Card", packs: ["The Jackbox Party Pack 12"], min_players: 2, max_players: 8, length_minutes: 20, has_audience: 0, family_friendly: 0, game_type: "Unknown", secondary_type: null, ticker: "CARD", enabled: 0 },
  { key: "debate-and-switch", title: "Debate and Switch", packs: ["The Jackbox Party Pack 12"], min_players: 2, max_players: 8, length_minutes: null, has_audience: 0, family_friendly: 0, game_type: "Unknown", secondary_type: null, ticker: "DEB8", enabled: 0 },
  { key: "megapals", title: "MegaPals", packs: ["The Jackbox Party Pack 12"], min_players: 3, max_players: 8, length_minutes: null, has_audience: 0, family_friendly: 0, game_type: "Unknown", secondary_type: null, ticker: "PALS", enabled: 0 },
  { key: "hyperface", title: "Hyperface", packs: ["The Jackbox Party Pack 12"], min_players: 3, max_players: 8, length_minutes: null, has_audience: 0, family_friendly: 0, game_type: "Unknown", secondary_type: null, ticker: "HYPR", enabled: 0 },
]
