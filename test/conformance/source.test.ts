import { SOURCE } from "../support/programs.ts"
import { conformance } from "./suite.ts"

conformance("Bun from source", SOURCE)
