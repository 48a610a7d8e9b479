/** Programs under strace, which can make a system call fail, lie or kill. */
import { missingFiles } from "../support/packages.ts"
import { COMPILED } from "../support/programs.ts"

export const missingStrace = (): string | undefined => missingFiles(["/usr/bin/strace"], "strace")

/**
 * gamenight with faults in its system calls, in strace's own words, such as `fsync:error=EIO:when=3`. With -D strace
 * steps aside: the process that was started is gamenight.
 */
export const withFaults = (...faults: string[]): string[] => [
  "/usr/bin/strace",
  ...[
    "-D",
    "-f",
    "-qq",
    "-o",
    "/dev/null",
    "-e",
    `trace=${faults.map((fault) => fault.split(":")[0]).join()}`,
  ],
  ...faults.flatMap((fault) => ["-e", `inject=${fault}`]),
  ...COMPILED,
]
