// SPDX-License-Identifier: MIT

/// How a page looks: the themes of the terminal, on screen and on paper.
enum PageStyle {
  static let css = """
    :root, :root[data-theme="light"] { \(variables(.light)) }
    @media (prefers-color-scheme: dark) { :root[data-theme="auto"] { \(variables(.dark)) } }
    :root[data-theme="dark"] { \(variables(.dark)) }
    :root[data-theme="projector"] { \(variables(.projector)) font-size: 130%; }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--background);
      color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
    header { position: sticky; top: 0; background: var(--background); padding-bottom: .4rem;
      border-bottom: 1px solid var(--rule); z-index: 1; }
    h1 { font-size: 1.3rem; margin: .2rem 0; }
    h2 { font-size: 1.05rem; margin: 1rem 0 .4rem; }
    h3 { font-size: 1rem; margin: .6rem 0 .2rem; }
    nav.bar { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
    nav.bar input { flex: 1; min-width: 8rem; accent-color: var(--code); }
    button { font: inherit; color: var(--ink); background: var(--background);
      border: 1px solid var(--dim); border-radius: .3rem; padding: .2rem .7rem; cursor: pointer; }
    button[aria-pressed="true"] { background: var(--ink); color: var(--background); }
    .sheet { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2.5rem; }
    main { min-height: 60vh; }
    article { scroll-margin-top: 8rem; padding-bottom: 1rem; }
    article h2 { border-left: .25rem solid var(--code); padding-left: .6rem; }
    .contents { display: none; }
    .contents h2 { color: var(--dim); font-weight: normal; }
    .contents ol { margin: 0; padding-left: 2.2rem; font-size: .85rem; }
    .contents li::marker { color: var(--dim); }
    .contents a { display: block; padding: .15rem .4rem; color: inherit; text-decoration: none;
      border-left: .2rem solid transparent; overflow: hidden; text-overflow: ellipsis;
      white-space: nowrap; }
    .contents code { white-space: nowrap; }
    .contents a:hover { text-decoration: underline; }
    .contents a[aria-current] { border-left-color: var(--code); font-weight: bold; }
    @media (min-width: 64rem) {
      .sheet { grid-template-columns: 17rem minmax(0, 1fr); }
      .contents { display: block; position: sticky; top: 7rem; align-self: start;
        max-height: calc(100vh - 8rem); overflow: auto; }
    }
    :focus-visible { outline: 3px solid var(--code); outline-offset: 2px; }
    main:focus { outline: none; }
    .keys { margin: .2rem 0 0; font-size: .85rem; }
    p { margin: .3rem 0; max-width: 46rem; }
    code, table, svg { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    code { color: var(--code); white-space: pre-wrap; }
    .dim, th, caption .dim { color: var(--dim); }
    .good { color: var(--good); }
    .bad { color: var(--bad); font-weight: bold; }
    .group { display: flex; flex-wrap: wrap; gap: .4rem 2rem; }
    .group > div { max-width: 100%; overflow-x: auto; }
    article > div { overflow-x: auto; }
    table { border-collapse: collapse; margin: .4rem 0; font-size: .9rem; }
    caption { text-align: left; font-weight: bold; padding: .2rem 0; font-family: system-ui, sans-serif; }
    th { font-weight: normal; text-align: left; padding: .1rem .5rem; white-space: nowrap; }
    td { padding: .1rem .5rem; }
    .list tbody td { border-top: 1px solid var(--rule); white-space: pre-wrap; }
    .list .here td { font-weight: bold; }
    .matrix td, .matrix thead th { text-align: right; border: 1px solid var(--background); }
    .matrix .masked { color: var(--dim); }
    .matrix .odd { color: var(--bad); font-weight: bold; }
    .matrix .outlier { font-weight: bold; outline: 2px solid var(--ink); outline-offset: -2px; }
    .right { text-align: right; }
    .bars .bar { width: min(20rem, 45vw); }
    .bars i { display: block; height: 1rem; border: 1px solid var(--code); box-sizing: border-box; }
    .bars i.s0 { background: var(--code); }
    figure { margin: .4rem 0; max-width: 44rem; }
    figcaption { font-weight: bold; }
    .curve { width: 100%; height: auto; }
    .small { width: 6.5rem; margin: 0; font-size: .85rem; }
    .ramp span { white-space: nowrap; }
    .ramp i { display: inline-block; width: 1rem; height: .8rem; }
    .graph { height: auto; }
    .arcs { max-width: 100%; height: auto; }
    .marked { line-height: 2; max-width: none; font-family: ui-monospace, monospace; }
    .marked span { padding: .15rem .3rem; }
    html[lang="it"] [lang="en"], html[lang="en"] [lang="it"] { display: none; }
    .stepwise article { display: none; }
    .stepwise article.now { display: block; }
    @media print {
      :root, :root[data-theme] { \(variables(.projector)) font-size: 100%; }
      body { max-width: none; padding: 0; }
      header { position: static; }
      nav.bar, .keys, .contents { display: none; }
      .sheet { display: block; }
      .stepwise article { display: block; }
      article > div, .group > div { overflow: visible; max-width: none; }
      h2, h3, caption, figcaption { break-after: avoid; }
      table, tr, figure, .marked { break-inside: avoid; }
      .graph, .arcs, .curve { max-width: 100%; height: auto; }
      td, i, .marked span, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """

  private static func variables(_ theme: Theme) -> String {
    let scheme = theme == .dark ? "dark" : "light"
    return "color-scheme: \(scheme);"
      + [
        ("background", theme.background), ("ink", theme.ink), ("dim", theme.dim),
        ("code", theme.code), ("good", theme.good), ("bad", theme.bad), ("rule", theme.rule),
      ].map { " --\($0): \($1.hex);" }.joined()
  }
}
