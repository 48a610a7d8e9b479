/** What holds for every route, in Markdown, as the OpenAPI document begins. */
export const INTRODUCTION = `gamenight runs a party-game night: sessions, games and votes over REST and a live socket.

Requests and answers are JSON in \`snake_case\`. Booleans go out as 0 and 1; they come in as true and false, or 0 and 1. Times are ISO 8601 in UTC with milliseconds. Members the server does not know are ignored. Texts are trimmed, and must be well-formed Unicode without control characters. JSON is nested 16 deep at most, and a body has 64 KiB at most unless its route says otherwise.

A token goes into the header \`Authorization: Bearer <token>\`. There are no cookies. Each role includes the ones before it: \`viewer\` listens, \`bot\` casts votes, \`host\` runs sessions and games, \`admin\` makes tokens. Where a route lists no token as well as one, anyone may read unless the owner closed the reads.

Errors are \`application/problem+json\` (RFC 9457). Decide by \`code\`, which does not change. A method that a path does not know gets 405 with \`Allow\`. Every GET answers HEAD too.`
