/** The pages for everyone: phones, the television and the stream. One script, less than that of the hosts. */
import type { ComponentType } from "preact"
import { Big } from "./pages/big.tsx"
import { Overlay } from "./pages/overlay.tsx"
import { Vote } from "./pages/vote.tsx"
import { Connection } from "./parts/connection.tsx"
import { start } from "./start.tsx"

const PAGES: Readonly<Record<string, ComponentType>> = { "/vote": Vote, "/big": Big, "/overlay": Overlay }

const Page = PAGES[location.pathname.replace(/\/$/, "")] ?? Vote
start(
  <>
    <Page />
    <Connection />
  </>,
)
