import { testShort } from "../support/short.ts"
import { scenario } from "./login-timing.ts"

testShort(scenario)
