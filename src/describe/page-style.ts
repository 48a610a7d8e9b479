/** The style of the page at /docs, light and dark, from a small phone to a large screen. */
export const STYLE = `
:root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --code: #f4f6f8; --link: #0757b8 }
@media (prefers-color-scheme: dark) { :root { --back: #12151a; --text: #e4e8ee; --soft: #a3adba; --line: #343b45; --code: #1c2129; --link: #79b4ff } }
* { box-sizing: border-box }
html { font-size: clamp(100%, .6rem + .42vw, 170%); scroll-padding-top: 1rem }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word }
main { padding: 1rem; max-width: 56rem; min-width: 0 }
a { color: var(--link) }
a:focus-visible, summary:focus-visible { outline: .2rem solid var(--link); outline-offset: .15rem; border-radius: .2rem }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.6em 0 .4em }
h1 { margin-top: .4em } h2 { font-size: 1.5rem } h3 { font-size: 1.15rem } h4 { font-size: 1rem }
h1 small, small, .role, .answer { color: var(--soft) }
h3 a { color: inherit; text-decoration: none } h3 a:hover { text-decoration: underline }
p { margin: .5em 0 }
section { border-top: 2px solid var(--line); margin-top: 2.5rem }
article { border-top: 1px solid var(--line); margin-top: 1.5rem }
section > article:first-of-type { border-top: 0 }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .88em; background: var(--code); border-radius: .25rem }
code { padding: .1em .3em; overflow-wrap: anywhere }
pre { padding: .7rem .8rem; overflow-x: auto; margin: .5em 0 }
pre code { padding: 0; background: none; font-size: 1em; overflow-wrap: normal }
.route b { display: inline-block; min-width: 4.2em; text-align: center; padding: .1em .4em; border-radius: .25rem; font-size: .85em; color: #fff; background: #0757b8 }
.route .post { background: #1a7033 } .route .put, .route .patch { background: #8a5300 } .route .delete { background: #b3261e }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .93em }
th, td { text-align: left; vertical-align: top; padding: .35em .8em .35em 0; border-bottom: 1px solid var(--line) }
td:first-child { width: 30%; min-width: 8.5em }
summary { cursor: pointer; padding: .15em 0 }
.answer { margin: .2em 0; padding-left: 1em }
nav { padding: 1rem; border-bottom: 1px solid var(--line); font-size: .93em }
nav h2 { font-size: 1em; margin: .9em 0 .2em } nav h2 a { color: inherit; text-decoration: none }
nav ul { list-style: none; margin: 0; padding: 0 0 0 .8em } nav li a { display: inline-block; padding: .1em 0; text-decoration: none }
nav li a:hover { text-decoration: underline }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: 1rem; background: var(--back); padding: .5rem; z-index: 1 }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: minmax(16rem, 20rem) minmax(0, 1fr) }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border: 0; border-right: 1px solid var(--line) }
  @supports selector(::details-content) {
    nav summary { display: none } nav details::details-content { content-visibility: visible; block-size: auto }
  }
  main { padding: 1rem 3rem }
}
@media print { nav { display: none } }
`
