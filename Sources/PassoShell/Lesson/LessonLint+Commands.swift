// SPDX-License-Identifier: MIT

import PassoExpressions
import PassoLesson
import PassoText

// What a lesson tells people to type.
extension LessonLint {
  /// Commands in texts that do not exist, and lines in hints that cannot be read.
  static func unknownLines(in lesson: Lesson) -> [LessonFinding] {
    let typed = lesson.codeInTexts.filter { $0.text.first == ":" }
    let unknown = typed.filter { !isCommand($0.text) }
    let unreadable = lesson.codeInHints.filter { !isReadable($0.text) }
    let found = Set(unknown + unreadable).sorted { ($0.line, $0.text) < ($1.line, $1.text) }
    return found.map { code in
      LessonFinding(
        .commands,
        file: lesson.file,
        line: code.line,
        message: Bilingual(
          it: "«\(code.text)» non è una riga che Passo capisce",
          en: "'\(code.text)' is no line that Passo understands"
        )
      )
    }
  }

  private static func isCommand(_ text: String) -> Bool {
    let name = text.dropFirst().prefix { $0.isLetter || $0 == "-" }
    return name.isEmpty || (try? CommandTable.find(String(name))) != nil
  }

  /// Whether a line of a hint can be typed; one that leaves something out, and what is no
  /// calculation, may be anything.
  private static func isReadable(_ text: String) -> Bool {
    if text.contains("…") { return true }
    if text.hasPrefix(":") { return (try? Arguments.split(text)) != nil }
    guard text.contains(where: { "()[]+*/^".contains($0) }) else { return true }
    return (try? ExpressionParser.parse(text)) != nil
  }
}
