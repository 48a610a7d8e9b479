/** What a test needs from Debian, and what it says when that is missing. */
import { existsSync } from "node:fs"

/** Why a test that needs this Python module is skipped; undefined where it is there. */
export function missingPython(module: string, debianPackage: string): string | undefined {
  const found =
    existsSync("/usr/bin/python3") &&
    Bun.spawnSync(["/usr/bin/python3", "-c", `import ${module}`], { stderr: "ignore" }).success
  return found ? undefined : `needs the Debian package ${debianPackage}`
}

/** Why a test that needs these files is skipped; undefined where they are there. */
export function missingFiles(files: readonly string[], ...debianPackages: string[]): string | undefined {
  return files.every((file) => existsSync(file))
    ? undefined
    : `needs the Debian packages ${debianPackages.join(" and ")}`
}
