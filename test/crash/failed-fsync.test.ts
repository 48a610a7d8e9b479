import { testShort } from "../support/short.ts"
import { scenario } from "./failed-fsync.ts"

testShort(scenario)
