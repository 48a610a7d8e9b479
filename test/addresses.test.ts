/** Addresses, counted by household. */
import { expect, test } from "bun:test"
import { addressGroup, createClientAddress } from "../src/addresses.ts"

test("two phones behind different IPv4 addresses are counted apart", () => {
  expect(addressGroup("192.0.2.7")).toBe("192.0.2.7")
  expect(addressGroup("192.0.2.8")).toBe("192.0.2.8")
})

test("a phone that comes over IPv4 is the same one when the socket speaks IPv6", () => {
  expect(addressGroup("::ffff:192.0.2.7")).toBe("192.0.2.7")
  expect(addressGroup("::FFFF:192.0.2.7")).toBe("192.0.2.7")
})

test.each([
  ["2001:db8:1:2::5", "2001:db8:1:2::/64"],
  ["2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002::1", "2001:db8:1:2::/64"],
  ["2001:db8::1:2:3:4:5", "2001:db8:0:1::/64"],
  ["2001:db8::", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
])("%s is of the household %s", (address, household) => {
  expect(addressGroup(address)).toBe(household)
})

test("the neighbours of a household are not counted with it", () => {
  expect(addressGroup("2001:db8:1:3::5")).not.toBe(addressGroup("2001:db8:1:2::5"))
})

test("a guest whose address is not known is still counted", () => {
  expect(addressGroup("")).toBe("")
})

const client = createClientAddress(["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"])

test.each<[string, string, string | null, string]>([
  ["no proxy, whatever it claims", "192.0.2.7", "203.0.113.9", "192.0.2.7"],
  ["a proxy that says nothing", "127.0.0.1", null, "127.0.0.1"],
  ["a proxy", "127.0.0.1", "192.0.2.7", "192.0.2.7"],
  ["a proxy on a socket that speaks IPv6", "::ffff:127.0.0.1", "192.0.2.7", "192.0.2.7"],
  ["a proxy behind another one", "127.0.0.1", "192.0.2.7, 10.1.2.3", "192.0.2.7"],
  ["a proxy of a trusted IPv6 network", "2001:db8:1:9::1", "2001:db8:2::7", "2001:db8:2::7"],
  ["a proxy whose client claims to be somebody else", "127.0.0.1", "203.0.113.9, 192.0.2.7", "192.0.2.7"],
  ["a proxy whose client claims to be a proxy", "127.0.0.1", "10.9.9.9, 192.0.2.7", "192.0.2.7"],
  ["proxies all the way", "127.0.0.1", "10.1.2.3, 10.4.5.6", "127.0.0.1"],
  ["a proxy that adds the port", "127.0.0.1", "192.0.2.7:4711", "192.0.2.7"],
  ["a proxy that adds brackets and the port", "127.0.0.1", "[2001:db8:2::7]:4711", "2001:db8:2::7"],
  ["a proxy that passes on nonsense", "127.0.0.1", "unknown", "127.0.0.1"],
  ["a proxy that passes on nothing", "127.0.0.1", "", "127.0.0.1"],
])("a request of %s is that of its client", (_who, peer, forwardedFor, address) => {
  expect(client(peer, forwardedFor)).toBe(address)
})

test("without trusted proxies nobody's word counts", () => {
  expect(createClientAddress([])("127.0.0.1", "192.0.2.7")).toBe("127.0.0.1")
})
