import { testShort } from "../support/short.ts"
import { scenario } from "./slow-readers.ts"

testShort(scenario)
