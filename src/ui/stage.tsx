/** The pages for everyone: phones, the television and the stream. One script, less than that of the hosts. */
import type { ComponentType } from "preact"
import { render } from "preact"
import { startClock } from "./clock.ts"
import { goLive } from "./live.ts"
import { wearLook } from "./look.ts"
import { Big } from "./pages/big.tsx"
import { Overlay } from "./pages/overlay.tsx"
import { Vote } from "./pages/vote.tsx"
import { Connection } from "./parts/connection.tsx"

const PAGES: Readonly<Record<string, ComponentType>> = { "/vote": Vote, "/big": Big, "/overlay": Overlay }

const Page = PAGES[location.pathname.replace(/\/$/, "")] ?? Vote
wearLook()
goLive()
startClock()
// The socket opens while the page is put together.
setTimeout(() => {
  const root = document.getElementById("page")
  const all = (
    <>
      <Page />
      <Connection />
    </>
  )
  if (root) render(all, root)
})
