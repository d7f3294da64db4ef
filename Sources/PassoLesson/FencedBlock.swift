// SPDX-License-Identifier: MIT

import PassoText

/// A fenced block whose info string begins with `passo-`.
struct FencedBlock {
  let info: String
  let text: String

  /// The line of the opening fence.
  let line: Int

  let file: String

  /// The attributes that each block knows; the first is required.
  private static let attributes: [String: [String]] = [
    "passo-run": ["id"],
    "passo-facts": ["for"],
    "passo-predict": ["id", "type", "locks", "tolerance"],
    "passo-quiz": ["id"],
    "passo-note": [],
    "passo-alt": ["for"],
  ]

  func content() throws(LessonProblem) -> LessonItem.Content {
    let words = info.split(separator: " ").map(String.init)
    let name = words[0]
    guard let known = Self.attributes[name] else {
      let closest = Suggestion.closest(to: name, among: Self.attributes.keys.sorted())
      throw problem(.unknownBlock(name, closest: closest))
    }
    let values = try attributes(words.dropFirst(), of: name, known: known)
    func value(_ key: String) throws(LessonProblem) -> String {
      if let value = values[key], !value.isEmpty { return value }
      throw problem(.missingAttribute(key, block: name))
    }
    switch name {
    case "passo-run": return .run(RunBlock(id: try value("id"), commands: try commands()))
    case "passo-facts": return .facts(FactsBlock(runID: try value("for"), facts: try facts()))
    case "passo-quiz":
      let options = try options()
      let id = try value("id")
      return .quiz(Quiz(id: id, question: question(), options: options, hints: try hints()))
    case "passo-predict":
      return .predict(
        Prediction(
          id: try value("id"),
          locks: try value("locks"),
          question: question(),
          kind: try predictionKind(try value("type"), tolerance: values["tolerance"]),
          hints: try hints()
        )
      )
    case "passo-alt": return .alternative(for: try value("for"), proseBlocks(text))
    default: return .note(proseBlocks(text))
    }
  }

  private func attributes(
    _ words: ArraySlice<String>,
    of block: String,
    known: [String]
  ) throws(LessonProblem) -> [String: String] {
    var values: [String: String] = [:]
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, known.contains(parts[0]) else {
        throw problem(.unknownAttribute(parts.first ?? word, block: block, known: known))
      }
      values[parts[0]] = parts[1]
    }
    return values
  }

  private func problem(_ kind: LessonProblem.Kind, line: Int? = nil) -> LessonProblem {
    LessonProblem(kind, file: file, line: line ?? self.line)
  }

  private var allLines: [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The lines inside, with their numbers; blank lines and comments are left out.
  private var lines: [SourceLine] {
    allLines.enumerated().compactMap {
      let content = $0.element.trimmed
      if content.isEmpty || content.hasPrefix("#") { return nil }
      return SourceLine(text: content, line: line + 1 + $0.offset)
    }
  }

  private func commands() throws(LessonProblem) -> [SourceLine] {
    if lines.isEmpty { throw problem(.emptyBlock("passo-run")) }
    return lines
  }

  private func facts() throws(LessonProblem) -> [Fact] {
    var facts: [Fact] = []
    for line in lines {
      let words = line.text.split(separator: " ", maxSplits: 2).map { $0.trimmed }
      let rest = words.count == 3 ? words[2] : ""
      guard words.count == 3, let tolerance = Fact.Tolerance(rawValue: words[1]), !rest.isEmpty
      else { throw problem(.badFact(line.text), line: line.line) }
      facts.append(Fact(id: words[0], tolerance: tolerance, expression: rest, line: line.line))
    }
    if facts.isEmpty { throw problem(.emptyBlock("passo-facts")) }
    return facts
  }
}

// MARK: - Questions

extension FencedBlock {
  private func proseBlocks(_ text: String) -> [ProseBlock] {
    Markdown(text).blocks.compactMap { $0.prose() }
  }

  private static let hintMark = "hint:"

  /// The lines without hints, which stand behind everything else.
  private var body: ArraySlice<Substring> { allLines.prefix { !$0.hasPrefix(Self.hintMark) } }

  /// The hints: each begins a line and goes on to the next one.
  private func hints() throws(LessonProblem) -> [[ProseBlock]] {
    var hints: [String] = []
    var first = line
    for (index, line) in allLines.enumerated() {
      if line.hasPrefix(Self.hintMark) {
        if hints.isEmpty { first = self.line + 1 + index }
        hints.append(line.dropFirst(Self.hintMark.count).trimmed)
      } else if !hints.isEmpty {
        hints[hints.count - 1] += "\n" + line.trimmed
      }
    }
    let blocks = hints.map(proseBlocks)
    if blocks.contains(where: \.isEmpty) { throw problem(.emptyHint, line: first) }
    return blocks
  }

  /// The text up to the answer or the options.
  private func question() -> [ProseBlock] {
    let own = body.prefix { !$0.hasPrefix("answer:") && !$0.hasPrefix("- [") }
    return proseBlocks(own.joined(separator: "\n"))
  }

  private func predictionKind(
    _ type: String,
    tolerance: String?
  ) throws(LessonProblem) -> Prediction.Kind {
    switch type {
    case "choice": return .choice(try options())
    case "sign": return .sign(answer: try answer())
    case "number":
      guard let allowed = Double(tolerance ?? "0"), allowed >= 0 else {
        throw badValue("tolerance", tolerance ?? "", it: "un numero", en: "a number")
      }
      return .number(answer: try answer(), tolerance: allowed)
    default:
      throw badValue("type", type, it: "number, sign o choice", en: "number, sign or choice")
    }
  }

  private func badValue(_ key: String, _ value: String, it: String, en: String) -> LessonProblem {
    problem(.badValue(key: key, value: value, needs: Bilingual(it: it, en: en)))
  }

  private func answer() throws(LessonProblem) -> SourceLine {
    guard let line = lines.first(where: { $0.text.hasPrefix("answer:") }) else {
      throw problem(.noAnswer)
    }
    let expression = line.text.dropFirst("answer:".count).trimmed
    guard !expression.isEmpty else { throw problem(.noAnswer, line: line.line) }
    return SourceLine(text: expression, line: line.line)
  }

  private func options() throws(LessonProblem) -> [QuizOption] {
    var options: [QuizOption] = []
    for node in Markdown(body.joined(separator: "\n")).blocks where node.type == "list" {
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
