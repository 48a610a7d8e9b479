// The floor of this stack: a compiled server that answers 200 and does nothing else.
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  development: false,
  fetch: () => new Response("ok"),
})
console.log(`Listening on ${server.url}`)
