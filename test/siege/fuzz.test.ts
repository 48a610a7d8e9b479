import { testShort } from "../support/short.ts"
import { scenario as bytes, run as runBytes } from "./fuzz-bytes.ts"
import { scenario as frames, run as runFrames } from "./fuzz-frames.ts"
import { scenario as requests, run as runRequests } from "./fuzz-requests.ts"
import { onNode } from "./on-node.ts"

testShort(frames)
testShort(requests)
testShort(bytes)
testShort(onNode(frames, runFrames))
testShort(onNode(requests, runRequests))
testShort(onNode(bytes, runBytes))
