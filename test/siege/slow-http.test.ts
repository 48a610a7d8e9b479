import { testShort } from "../support/short.ts"
import { scenario } from "./slow-http.ts"

testShort(scenario)
