import { testShort } from "../support/short.ts"
import { scenario } from "./stop.ts"

testShort(scenario)
