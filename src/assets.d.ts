/** What build.ts embeds: the pages, their scripts and the documents that other programs read. */
declare module "#assets" {
  export type Asset = {
    /** The media type, as in the header Content-Type. */
    type: string
    /** With its quotes, as in the header ETag (RFC 9110 section 8.8.3). */
    etag: string
    /** True if the path changes with the content, so that a browser may keep it for ever. */
    forever: boolean
    /** The header Content-Security-Policy, where a page needs more than nothing. */
    policy?: string
    /** Files that hold the content, compressed. */
    brotli: string
    gzip: string
  }
  export const assets: Readonly<Record<string, Asset>>
}
