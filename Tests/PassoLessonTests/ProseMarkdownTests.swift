// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoLesson

/// Prose as Markdown again: what is read back is the same.
struct ProseMarkdownTests {
  private func read(_ markdown: String) -> [ProseBlock] {
    Markdown(markdown).blocks.compactMap { $0.prose() }
  }

  @Test(arguments: [
    "# A title\n\nSome *text* with **marks** and `code`.",
    "1. one\n2. two\n\n   and more\n\n- a\n- b\n  - c\n  - d",
    "> Said by somebody.\n>\n> Twice.",
    "```\nlet a = 1\n  b\n```",
    "| a | b |\n| --- | --- |\n| `x` | *y* |",
    "Plain \\*stars\\*, \\_lines\\_, \\[brackets\\], \\# marks and \\~tildes\\~ stay.",
    "`` a ` b ``, then <start> and <end>, 5 < 6 & 7.",
    "\\- no list\n\n3\\. no list either",
    "It costs \\$5 or $6$; 2 \\* 3 \\* 4.",
  ])
  func itIsReadBackAsItWas(source: String) {
    let blocks = read(source)
    #expect(!blocks.isEmpty)
    let written = ProseMarkdown.text(blocks)
    #expect(read(written) == blocks, "\(written)")
  }

  @Test func nothingBecomesATagOrAFormula() {
    let text = ProseMarkdown.text([.paragraph([Inline("<script>$x$ & *y*")])])
    #expect(text == "&lt;script&gt;\\$x\\$ &amp; \\*y\\*")
  }

  @Test func marksStandAtTheirWords() {
    #expect(ProseMarkdown.text([Inline("a "), Inline(" b ", .strong)]) == "a  **b** ")
    #expect(ProseMarkdown.code("`") == "`` ` ``")
  }
}
