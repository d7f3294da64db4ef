// SPDX-License-Identifier: MIT

import PassoText

// Blocks in which a learner does something alone.
extension FencedBlock {
  func exercise(id: String, _ values: [String: String]) throws(LessonProblem) -> Exercise {
    let isFade = values["fade"] != nil
    let keys = isFade ? LessonForm.fadeKeys : LessonForm.taskKeys
    let text = try keyed(keys, withText: ["mistake", "hint"])
    let updates = try count("updates", values)
    if isFade, updates != nil { throw problem(.updatesOfFade) }
    return Exercise(
      id: id,
      text: proseBlocks(text.body),
      kind: isFade ? .fade(try fade(text)) : .task(try task(text, updates: updates)),
      minutes: try count("minutes", values),
      hints: try hints(text)
    )
  }

  /// A whole number from 1, if it was given.
  private func count(
    _ key: String,
    _ values: [String: String]
  ) throws(LessonProblem) -> Int? {
    guard let text = values[key] else { return nil }
    guard let number = Int(text), (1...1_000_000).contains(number) else {
      throw badValue(key, text, it: "un numero intero da 1 in su", en: "a whole number from 1")
    }
    return number
  }

  private func task(
    _ text: KeyedText,
    updates: Int?
  ) throws(LessonProblem) -> ExerciseTask {
    for key in ["check", "solution"] where text[key].isEmpty {
      throw problem(.missingLine(key, block: "passo-exercise"))
    }
    if text.body.trimmed.isEmpty { throw problem(.noTask) }
    var forbidden: [ForbiddenLine] = []
    for line in text.values("forbid") { forbidden += try self.forbidden(line) }
    return ExerciseTask(
      start: text.values("start"),
      checks: text.values("check").map(check),
      forbidden: forbidden,
      updates: updates,
      mistakes: try replies("mistake", text),
      solution: text.values("solution")
    )
  }

  /// `~9 a == b`, or an expression none of whose numbers may be 0.
  private func check(_ line: SourceLine) -> Fact {
    let words = line.text.split(separator: " ", maxSplits: 1)
    let tolerance = words.first.flatMap { Fact.Tolerance(rawValue: String($0)) }
    let expression = tolerance == nil || words.count < 2 ? line.text : words[1].trimmed
    return Fact(
      id: "check",
      tolerance: tolerance ?? .exact,
      expression: expression,
      line: line.line
    )
  }

  /// `:mask, :set blocks.0.attn.k`.
  private func forbidden(_ line: SourceLine) throws(LessonProblem) -> [ForbiddenLine] {
    var forbidden: [ForbiddenLine] = []
    for part in line.text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: " ")
      guard let name = words.first, name.hasPrefix(":"), name.count > 1 else {
        throw badValue(
          "forbid",
          part.trimmed,
          it: "comandi separati da virgole, come :mask, :set W_E",
          en: "commands with commas between them, such as :mask, :set W_E",
          line: line.line
        )
      }
      let arguments = words.dropFirst().joined(separator: " ")
      forbidden.append(ForbiddenLine(command: String(name.dropFirst()), arguments: arguments))
    }
    return forbidden
  }

  private func fade(_ text: KeyedText) throws(LessonProblem) -> FadedLines {
    var lines: [FadedLine] = []
    for line in text.values("line") {
      guard let faded = FadedLine(line) else {
        throw problem(.badBlank(line.text), line: line.line)
      }
      lines.append(faded)
    }
    if lines.allSatisfy({ !$0.hasBlank(.allBlank) }) { throw problem(.noBlank) }
    let data = [
      FadeLevel.oneBlank: text.values("with 1"), .allBlank: text.values("with 2"),
    ]
    return FadedLines(lines: lines, data: data)
  }
}
