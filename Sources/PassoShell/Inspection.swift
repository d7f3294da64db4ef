// SPDX-License-Identifier: MIT

import PassoSessionViews
import PassoText
import PassoView

extension Shell {
  /// What there is to say of the word at a place of a line.
  ///
  /// That is the help of a command, the explanation of a value, or the line of a function.
  ///
  /// - Parameters:
  ///   - line: The line.
  ///   - cursor: The place, in Unicode scalars from its beginning.
  /// - Returns: A figure; nil if nothing is known of the word.
  package func inspection(of line: String, at cursor: Int) -> Figure? {
    let scalars = Array(line.unicodeScalars)
    let place = max(0, min(cursor, scalars.count))
    var (start, end) = (place, place)
    while start > 0, Self.isPartOfName(scalars[start - 1]) { start -= 1 }
    while end < scalars.count, Self.isPartOfName(scalars[end]) { end += 1 }
    var name = String(String.UnicodeScalarView(scalars[start..<end]))
    while name.hasSuffix(".") { name.removeLast() }
    let isCommand =
      start > 0 && scalars[start - 1] == ":" && scalars[..<(start - 1)].allSatisfy(\.isBlank)
    if isCommand { return (try? CommandTable.find(name)).map(HelpView.page) }
    if name.isEmpty { return inspectionOfCommand(line) }
    return (try? ExplanationView(session).figure(name)) ?? ExpressionHelpView.line(of: name)
      ?? inspectionOfCommand(line)
  }

  private func inspectionOfCommand(_ line: String) -> Figure? {
    Command.named(in: line).map(HelpView.page)
  }

  private static func isPartOfName(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "." || scalar == "_"
  }
}

extension Unicode.Scalar {
  fileprivate var isBlank: Bool { properties.isWhitespace }
}
