import { testShort } from "../support/short.ts"
import { scenario } from "./power.ts"

testShort(scenario)
