/** A disk of its own for a test: ext4 in a file, on a loop device, whose power can be cut. */
import { dlopen, FFIType, ptr } from "bun:ffi"
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export type Disk = {
  /** Where it is mounted. */
  readonly folder: string
  /** From this moment on nothing reaches the disk, and what was not written through to it is lost. */
  cut(): void
  /** Takes the disk off and mounts it again, as after a power cut: the kernel replays the journal. */
  remount(): void
  remove(): void
}

const PREFIX = "gamenight-disk-"
/** ext4's own way to stop at once: `_IOR('X', 125, __u32)`, include/uapi/linux/fs.h. */
const FS_IOC_SHUTDOWN = 0x8004587d
/** Without this flag the journal would be written first, which no power cut does. */
const NOLOGFLUSH = 2

/** Why no such disk can be made here; undefined where one can. */
export function missingDisk(): string | undefined {
  if (process.platform !== "linux") return "needs Linux"
  if (process.getuid?.() !== 0) return "needs root, to mount a disk"
  if (!existsSync("/usr/sbin/mkfs.ext4")) return "needs the Debian package e2fsprogs"
  if (!existsSync("/dev/loop-control")) return "needs loop devices"
  try {
    createDisk(4).remove()
    return undefined
  } catch (error) {
    return `needs loop devices that can be mounted: ${error instanceof Error ? error.message : error}`
  }
}

export function createDisk(megabytes: number): Disk {
  removeLeftovers()
  const base = join(tmpdir(), `${PREFIX}${process.pid}-${++made}`)
  const [image, folder] = [join(base, "image"), join(base, "mount")]
  mkdirSync(folder, { recursive: true })
  disks.add(base)
  run("truncate", "-s", `${megabytes}M`, image)
  // Blocks as large disks have them; mkfs would give a small one smaller blocks, which SQLite does not reckon with.
  run("mkfs.ext4", "-q", "-F", "-b", "4096", image)
  run("mount", "-o", "loop", image, folder)
  return {
    folder,
    cut: () => shutDown(folder),
    remount() {
      run("umount", folder)
      run("mount", "-o", "loop", image, folder)
    },
    remove: () => removeDisk(base),
  }
}

let made = 0
const disks = new Set<string>()
process.on("exit", () => {
  for (const base of disks) removeDisk(base)
})

function removeDisk(base: string): void {
  disks.delete(base)
  // Lazily, as a process that is being killed may still hold a file; the loop device goes with the last of them.
  if (readFileSync("/proc/mounts", "utf8").includes(` ${base}/mount `))
    run("umount", "-l", join(base, "mount"))
  rmSync(base, { recursive: true, force: true })
}

/** Disks of runs that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split("-")[0] : undefined
    if (owner && !existsSync(`/proc/${owner}`)) removeDisk(join(tmpdir(), name))
  }
}

function run(...command: string[]): void {
  const { success, stderr } = Bun.spawnSync(command, { stdout: "ignore", stderr: "pipe" })
  if (!success) throw new Error(`Cannot ${command.join(" ")}: ${stderr.toString().trim()}`)
}

function shutDown(folder: string): void {
  const libc = dlopen("libc.so.6", {
    ioctl: { args: [FFIType.i32, FFIType.u64, FFIType.ptr], returns: FFIType.i32 },
  })
  const mounted = openSync(folder, "r")
  try {
    const flag = new Uint32Array([NOLOGFLUSH])
    if (libc.symbols.ioctl(mounted, FS_IOC_SHUTDOWN, ptr(flag)) !== 0) {
      throw new Error(`Cannot cut the power of ${folder}`)
    }
  } finally {
    closeSync(mounted)
    libc.close()
  }
}
