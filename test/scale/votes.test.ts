/** A million votes beside a thousand. */
import { testShort } from "../support/short.ts"
import { scenario } from "./votes.ts"

testShort(scenario)
