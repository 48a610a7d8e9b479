import { testShort } from "../support/short.ts"
import { kill, power } from "./backup-kill.ts"

testShort(kill)
testShort(power)
