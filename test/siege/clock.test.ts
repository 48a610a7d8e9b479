import { testShort } from "../support/short.ts"
import { scenario } from "./clock.ts"

testShort(scenario)
