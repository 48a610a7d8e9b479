/** Lines of the log: whatever a client wrote, one event is one line and steers no terminal. */
import { expect, test } from "bun:test"
import { escapeControls } from "../../src/control-characters.ts"

test.each([
  ["a line of its own", "ann\n[Sessions] forged", "ann\\n[Sessions] forged"],
  ["a line that overwrites this one", "ann\r[Sessions] forged", "ann\\r[Sessions] forged"],
  ["a sequence for the terminal", "\u001b[2Jann", "\\u001b[2Jann"],
  ["the same sequence in one character", "\u009b2Jann", "\\u009b2Jann"],
  ["a next line of the old kind", "ann\u0085forged", "ann\\u0085forged"],
  ["a character that deletes", "ann\u007f\b", "ann\\u007f\\b"],
  ["a tab and a zero", "a\tb\u0000", "a\\tb\\u0000"],
])("%s becomes text", (_what, text, line) => {
  expect(escapeControls(text)).toBe(line)
})

test("what people write in any language stays as it is", () => {
  const text = "Zoë, Jürgen, Наташа, 愛子 and 🎲 \\ \"quoted\" – 'ok'"
  expect(escapeControls(text)).toBe(text)
})
