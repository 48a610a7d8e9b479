import { testShort } from "../support/short.ts"
import { scenario } from "./idle-followers.ts"

testShort(scenario)
