import { testShort } from "../support/short.ts"
import { scenario } from "./kill.ts"

testShort(scenario)
