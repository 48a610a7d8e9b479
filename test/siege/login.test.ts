import { testShort } from "../support/short.ts"
import { scenario } from "./login.ts"

testShort(scenario)
