/** SHA-256 in base64url, given by the host: at once, unlike Web Crypto, and without the cost of loading `node:crypto`. */
export type Digest = (text: string) => string

/** Takes the same time wherever the two differ. */
export function sameDigest(a: string, b: string): boolean {
  let different = a.length ^ b.length
  for (let i = 0; i < a.length; i++) different |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return different === 0
}
