/** Whether two sets of measurements differ, for measurements that are anything but normal. */

/** Mann and Whitney's U as deviations from what chance alone would give; ties count by half. */
export function rankDifference(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, of: "a" })), ...b.map((value) => ({ value, of: "b" }))]
  all.sort((one, other) => one.value - other.value)
  let ranks = 0
  for (let at = 0; at < all.length; ) {
    let end = at
    while (end < all.length && all[end]?.value === all[at]?.value) end++
    const rank = (at + 1 + end) / 2
    ranks += rank * all.slice(at, end).filter(({ of }) => of === "a").length
    at = end
  }
  const u = ranks - (a.length * (a.length + 1)) / 2
  const mean = (a.length * b.length) / 2
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12)
  return (u - mean) / deviation
}
