import { NODE_BUNDLE } from "../support/programs.ts"
import { conformance } from "./suite.ts"

conformance("the Node bundle", NODE_BUNDLE)
