// SPDX-License-Identifier: MIT
import PassoText

extension Place {
  /// The line of a text in which a span lies; of a long line, the part that a terminal shows.
  ///
  /// The span is in Unicode scalars from 0, inside the text, and does not cross lines.
  init(of span: Range<Int>, in text: String) {
    let scalars = Array(text.unicodeScalars)
    let before = scalars[..<span.lowerBound]
    let lineStart = (before.lastIndex(of: "\n") ?? -1) + 1
    let lineEnd = scalars[span.upperBound...].firstIndex(of: "\n") ?? scalars.count

    let start = max(lineStart, span.lowerBound - Self.context)
    let end = min(lineEnd, span.lowerBound + 2 * Self.context)
    var shown = String.UnicodeScalarView()
    if start > lineStart { shown.append("\u{2026}") }
    let shift = shown.count - start
    shown.append(contentsOf: scalars[start..<end])
    if end < lineEnd { shown.append("\u{2026}") }
    self.init(
      line: before.count { $0 == "\n" } + 1,
      source: String(shown).printable,
      span: span.lowerBound + shift..<min(span.upperBound, end) + shift
    )
  }

  // Scalars kept before the span; after its start, twice as many.
  private static let context = 30
}
