import { testShort } from "../support/short.ts"
import { scenario } from "./full-disk.ts"

testShort(scenario)
