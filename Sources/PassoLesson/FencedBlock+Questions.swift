// SPDX-License-Identifier: MIT

import PassoText

// Blocks that ask.
extension FencedBlock {
  func quiz(id: String, _ values: [String: String]) throws(LessonProblem) -> Quiz {
    let text = try keyed(LessonForm.quizKeys, withText: ["hint"])
    if let recalled = values["recalls"], recalled.wholeMatch(of: /L[0-9]{2}/) == nil {
      throw badValue("recalls", recalled, it: "una lezione, come L02", en: "a lesson such as L02")
    }
    return Quiz(
      id: id,
      question: question(text),
      options: try options(text),
      recalls: values["recalls"],
      hints: try hints(text)
    )
  }

  func prediction(
    id: String,
    locks: String,
    type: String,
    _ values: [String: String]
  ) throws(LessonProblem) -> Prediction {
    let text = try keyed(LessonForm.predictionKeys, withText: ["wrong", "hint"])
    let hides = text.values("hides").flatMap { line in
      line.text.split(separator: ",").map(\.trimmed)
    }
    return Prediction(
      id: id,
      locks: locks,
      question: question(text),
      kind: try predictionKind(type, text, tolerance: values["tolerance"]),
      replies: try replies(text, type: type),
      hides: hides.filter { !$0.isEmpty },
      hints: try hints(text)
    )
  }

  /// The hints: each goes on to the next key.
  func hints(_ text: KeyedText) throws(LessonProblem) -> [[ProseBlock]] {
    var hints: [[ProseBlock]] = []
    for entry in text["hint"] {
      let blocks = proseBlocks(entry.whole)
      if blocks.isEmpty { throw problem(.emptyHint, line: entry.value.line) }
      hints.append(blocks)
    }
    return hints
  }

  /// Expressions, each with what is said where it holds.
  func replies(_ key: String, _ text: KeyedText) throws(LessonProblem) -> [Reply] {
    var replies: [Reply] = []
    for entry in text[key] {
      let blocks = proseBlocks(entry.below)
      if blocks.isEmpty { throw problem(.noReply(key), line: entry.value.line) }
      replies.append(Reply(expression: entry.value, text: blocks))
    }
    return replies
  }

  private func replies(_ text: KeyedText, type: String) throws(LessonProblem) -> [Reply] {
    let replies = try replies("wrong", text)
    guard let first = replies.first else { return [] }
    if type == "choice" { throw problem(.repliesToOptions, line: first.expression.line) }
    for reply in replies where type == "sign" && !["+", "-", "0"].contains(reply.expression.text) {
      let (typed, line) = (reply.expression.text, reply.expression.line)
      throw badValue("wrong", typed, it: "+, - o 0", en: "+, - or 0", line: line)
    }
    return replies
  }

  /// The text up to the options.
  private func question(_ text: KeyedText) -> [ProseBlock] {
    let lines = text.body.split(separator: "\n", omittingEmptySubsequences: false)
    return proseBlocks(lines.prefix { !$0.hasPrefix("- [") }.joined(separator: "\n"))
  }

  private func predictionKind(
    _ type: String,
    _ text: KeyedText,
    tolerance: String?
  ) throws(LessonProblem) -> Prediction.Kind {
    switch type {
    case "choice": return .choice(try options(text))
    case "sign": return .sign(answer: try answer(text))
    case "number":
      guard let allowed = Double(tolerance ?? "0"), allowed >= 0 else {
        throw badValue("tolerance", tolerance ?? "", it: "un numero", en: "a number")
      }
      return .number(answer: try answer(text), tolerance: allowed)
    default:
      throw badValue("type", type, it: "number, sign o choice", en: "number, sign or choice")
    }
  }

  private func answer(_ text: KeyedText) throws(LessonProblem) -> SourceLine {
    let answers = text.values("answer")
    guard let answer = answers.first else { throw problem(.noAnswer) }
    if answers.count > 1 { throw problem(.secondAnswer, line: answers[1].line) }
    return answer
  }

  private func options(_ text: KeyedText) throws(LessonProblem) -> [QuizOption] {
    var options: [QuizOption] = []
    for node in Markdown(text.body).blocks where node.type == "list" {
      for item in node.children {
        let next = try option(item)
        // The second of one letter could never be chosen.
        if options.contains(where: { $0.letter == next.letter }) {
          throw problem(.duplicateID(next.letter))
        }
        options.append(next)
      }
    }
    let right = options.count { $0.isRight }
    guard right == 1 else { throw problem(.rightOptions(right)) }
    for option in options where !option.isRight && option.feedback.isEmpty {
      throw problem(.missingFeedback(option.letter))
    }
    return options
  }

  /// `- [x] a  text`, with its feedback as a list below.
  private func option(_ item: Markdown.Node) throws(LessonProblem) -> QuizOption {
    let start = line + item.firstLine
    let inlines = item.children.first { $0.type == "paragraph" }?.inlines() ?? []
    let text = inlines.plainText.trimmed
    let letter = text.prefix { $0.isLetter }
    let isOption = item.type == "tasklist" && letter.count == 1
    guard isOption, text.dropFirst().first == " " else {
      throw problem(.badOption(text), line: start)
    }
    var feedback: [ProseBlock] = []
    var command: SourceLine?
    for list in item.children where list.type == "list" {
      for node in list.children {
        let content = node.children.first { $0.type == "paragraph" }?.inlines().plainText ?? ""
        if content.hasPrefix("run:") {
          let text = content.dropFirst("run:".count).trimmed
          command = SourceLine(text: text, line: line + node.firstLine)
        } else {
          feedback += node.children.compactMap { $0.prose() }
        }
      }
    }
    return QuizOption(
      letter: letter.lowercased(),
      text: Self.dropLetter(inlines),
      isRight: item.isChecked,
      feedback: feedback,
      command: command
    )
  }

  /// The runs without the letter and the blanks behind it.
  private static func dropLetter(_ inlines: [Inline]) -> [Inline] {
    guard let first = inlines.first else { return [] }
    let rest = first.text.drop { $0 == " " }.dropFirst().drop { $0 == " " }
    return [Inline(String(rest), first.style)] + inlines.dropFirst()
  }
}
