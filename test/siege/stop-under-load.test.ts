import { testShort } from "../support/short.ts"
import { onNode } from "./on-node.ts"
import { run, scenario } from "./stop-under-load.ts"

testShort(scenario)
testShort(onNode(scenario, run))
