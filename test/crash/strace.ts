/** Programs under strace, which can make a system call fail, lie or kill. */
import { missingFiles } from "../support/packages.ts"
import { COMPILED } from "../support/programs.ts"

export const missingStrace = (): string | undefined => missingFiles(["/usr/bin/strace"], "strace")

type Faults = {
  /** Faults in strace's own words, such as `fsync:error=EIO:when=3`. */
  inject: readonly string[]
  /** Files whose system calls alone are meant; all if left out. */
  paths?: readonly string[]
}

/** gamenight with faults in its system calls. With -D strace steps aside: what was started is gamenight itself. */
export const withFaults = ({ inject, paths = [] }: Faults): string[] => [
  "/usr/bin/strace",
  ...["-D", "-f", "-qq", "-o", "/dev/null"],
  ...paths.flatMap((path) => ["-P", path]),
  ...["-e", `trace=${inject.map((fault) => fault.split(":")[0]).join()}`],
  ...inject.flatMap((fault) => ["-e", `inject=${fault}`]),
  ...COMPILED,
]
