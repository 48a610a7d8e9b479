import { COMPILED } from "../support/programs.ts"
import { conformance } from "./suite.ts"

conformance("the compiled file", COMPILED)
