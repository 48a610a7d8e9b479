/** Characters that steer a terminal or break a line: refused in what comes in, escaped in what is printed. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
export const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
export const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

const EVERY_CONTROL = new RegExp(CONTROL, "g")

/** One event is one line, whatever text a client put into it. */
export const escapeControls = (text: string): string => text.replace(EVERY_CONTROL, escapeControl)

/** JSON has no escape for the controls above the space, and some terminals obey them. */
const escapeControl = (control: string): string =>
  control < " "
    ? JSON.stringify(control).slice(1, -1)
    : `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`
