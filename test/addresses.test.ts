/** Addresses, counted by household. */
import { expect, test } from "bun:test"
import { addressGroup } from "../src/addresses.ts"

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
