import { testShort } from "../support/short.ts"
import { onNode } from "./on-node.ts"
import { run, scenario } from "./reconnects.ts"

testShort(scenario)
testShort(onNode(scenario, run))
