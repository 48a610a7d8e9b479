/**
 * A process full of bots, to be run on another machine: `bun test/siege/peers.ts '{"socketUrl","token","count"}'`. Each
 * follows every session; it says `ready` once all are in, and `lost` for each that is cut off.
 */
import { openBot } from "../support/bot.ts"

const { socketUrl, token, count } = JSON.parse(process.argv[2] ?? "{}")
for (let i = 0; i < count; i++) {
  const bot = await openBot({ socketUrl })
  bot.send({ type: "auth", token, follow: true })
  await bot.next("auth_success")
  void bot.closed.then(() => console.log("lost"))
}
console.log("ready")
