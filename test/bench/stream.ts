/**
 * Checks what thousands of sockets receive for the price of comparing bytes: all followers of a session get the same
 * frames in the same order, so the first to hear one reads it and the others must hear exactly those bytes.
 */

/** A place in the stream, one for each socket. */
export type Reader = { at: number; rest: Buffer | undefined }

export type Stream = {
  /** Throws where the bytes are others than those that came to the sockets before. */
  take(reader: Reader, chunk: Buffer): void
  /** Where the nth event ends, counted from 1 since the stream was begun anew; undefined as long as nobody heard it. */
  endOf(event: number): number | undefined
  length(): number
  /** Forgets the bytes. Every reader must be at the end, and begins at 0. */
  begin(): void
}

type Listeners = { event(text: string): void; control(reader: Reader, opcode: number, payload: Buffer): void }

export const newReader = (): Reader => ({ at: 0, rest: undefined })

export function createStream({ event, control }: Listeners): Stream {
  let bytes: Buffer = Buffer.allocUnsafe(1024 * 1024)
  let length = 0
  let ends: number[] = []
  /** Bytes of the last frame that nobody has received yet. */
  let open = 0

  function take(reader: Reader, chunk: Buffer): void {
    let left = reader.rest ? Buffer.concat([reader.rest, chunk]) : chunk
    reader.rest = undefined
    while (left.length > 0) {
      const used =
        known(reader, left) || (isControl(reader, left) ? controlled(reader, left) : added(reader, left))
      if (used === 0) {
        reader.rest = Buffer.from(left)
        return
      }
      left = left.subarray(used)
    }
  }

  /** How many bytes are those that other sockets had. */
  function known(reader: Reader, left: Buffer): number {
    const { at } = reader
    let count = Math.min(left.length, length - at)
    if (count > 0 && left.compare(bytes, at, at + count, 0, count) !== 0) {
      count = 0
      while (left[count] === bytes[at + count]) count++
    }
    reader.at += count
    return count
  }

  /** Whether a ping or a close begins here, which each socket gets for itself. */
  function isControl(reader: Reader, [first = 0]: Buffer): boolean {
    return first >= 0x88 && first <= 0x8a && !(reader.at === length && open > 0)
  }

  /** Nothing of it is used before it is whole. */
  function controlled(reader: Reader, left: Buffer): number {
    const [first = 0, payload = 0] = left
    const size = 2 + payload
    if (left.length < size) return 0
    control(reader, first - 0x80, left.subarray(2, size))
    return size
  }

  /** New bytes, at the head of the stream. */
  function added(reader: Reader, left: Buffer): number {
    if (reader.at < length) {
      const [got, wanted] = [left, bytes.subarray(reader.at, length)].map(readable)
      throw new Error(`A message is lost, doubled or out of order: ${got} instead of ${wanted}`)
    }
    if (open === 0) open = frameSize(left)
    const count = Math.min(open, left.length)
    if (length + count > bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2)
    left.copy(bytes, length, 0, count)
    length += count
    open -= count
    reader.at = length
    if (count > 0 && open === 0) {
      const frame = bytes.subarray(ends.at(-1) ?? 0, length)
      ends.push(length)
      event(frame.toString("utf8", headSize(frame)))
    }
    return count
  }

  return {
    take,
    endOf: (event) => ends[event - 1],
    length: () => length,
    begin() {
      length = 0
      ends = []
    },
  }
}

const readable = (bytes: Buffer): string => bytes.toString("latin1", 0, 120).replace(/[^ -~]/g, "")

/** RFC 6455 section 5.2, of a frame that is not masked. */
export const headSize = (frame: Buffer): number =>
  (frame[1] ?? 0) === 126 ? 4 : (frame[1] ?? 0) === 127 ? 10 : 2

/** The whole size of the frame that begins here; 0 while its head has not come. */
export function frameSize(bytes: Buffer): number {
  if (bytes.length < 2 || bytes.length < headSize(bytes)) return 0
  const head = headSize(bytes)
  const short = bytes[1] ?? 0
  return head + (head === 2 ? short : head === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)))
}
