/** Disks that are full soon: a tmpfs of a few KiB, which only root may mount. */
import { newFolder } from "./server.ts"

const mounted: string[] = []

export function unmountAll(): void {
  for (const folder of mounted.splice(0)) Bun.spawnSync(["umount", "-l", folder])
}

/** A file system of this many KiB, or undefined when this user may not mount one. */
export function smallDisk(kib: number, ...options: string[]): string | undefined {
  const folder = newFolder()
  const mount = ["mount", "-t", "tmpfs", "-o", [`size=${kib}k`, ...options].join(","), "tmpfs", folder]
  if (!Bun.which("mount") || !Bun.spawnSync(mount).success) return undefined
  mounted.push(folder)
  return folder
}

/** Why no such disk can be had here; undefined where one can. */
export const missingSmallDisk = (): string | undefined =>
  smallDisk(4) === undefined ? "needs the right to mount a tmpfs" : undefined

/** Takes what room there is left. */
export function fill(folder: string): void {
  const { success } = Bun.spawnSync(["sh", "-c", 'cat /dev/zero > "$0/filler"', folder], { stderr: "ignore" })
  if (success) throw new Error(`Cannot fill ${folder}: it took everything`)
}
