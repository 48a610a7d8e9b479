import { testShort } from "../support/short.ts"
import { scenario } from "./backup.ts"

testShort(scenario)
