// SPDX-License-Identifier: MIT

import PassoText

/// A fenced block whose info string begins with `passo-`.
struct FencedBlock {
  let info: String
  let text: String

  /// The line of the opening fence.
  let line: Int

  let file: String

  func content() throws(LessonProblem) -> LessonItem.Content {
    let words = info.split(separator: " ").map(String.init)
    let name = words[0]
    guard let known = LessonForm.attributes[name] else {
      let closest = Suggestion.closest(to: name, among: LessonForm.attributes.keys.sorted())
      throw problem(.unknownBlock(name, closest: closest))
    }
    let values = try attributes(words.dropFirst(), of: name, known: known)
    func value(_ key: String) throws(LessonProblem) -> String {
      if let value = values[key], !value.isEmpty { return value }
      throw problem(.missingAttribute(key, block: name))
    }
    switch name {
    case "passo-run":
      return .run(try run(id: try value("id"), values))
    case "passo-facts": return .facts(FactsBlock(runID: try value("for"), facts: try facts()))
    case "passo-quiz": return .quiz(try quiz(id: try value("id"), values))
    case "passo-predict":
      let (id, locks) = (try value("id"), try value("locks"))
      return .predict(try prediction(id: id, locks: locks, type: try value("type"), values))
    case "passo-exercise": return .exercise(try exercise(id: try value("id"), values))
    case "passo-alt": return .alternative(for: try value("for"), proseBlocks(text))
    default: return .note(try note(values))
    }
  }

  private func run(id: String, _ values: [String: String]) throws(LessonProblem) -> RunBlock {
    var block = RunBlock(id: id, commands: try commands(), isYours: values["yours"] != nil)
    if let least = values["least"] {
      guard let count = Int(least), count > 0, block.isYours else {
        throw badValue(
          "least",
          least,
          it: "un numero di posizioni, in un blocco «yours»",
          en: "a number of positions, in a block with 'yours'"
        )
      }
      block.leastPositions = count
    }
    return block
  }

  private func attributes(
    _ words: ArraySlice<String>,
    of block: String,
    known: [String]
  ) throws(LessonProblem) -> [String: String] {
    var values: [String: String] = [:]
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard let name = parts.first, known.contains(name) else {
        throw problem(.unknownAttribute(parts.first ?? word, block: block, known: known))
      }
      let isFlag = LessonForm.flags.contains(name)
      guard isFlag == !word.contains("=") else {
        throw isFlag ? problem(.valueOfFlag(name)) : problem(.missingAttribute(name, block: block))
      }
      values[name] = isFlag ? name : parts.count == 2 ? parts[1] : ""
    }
    return values
  }

  func problem(_ kind: LessonProblem.Kind, line: Int? = nil) -> LessonProblem {
    LessonProblem(kind, file: file, line: line ?? self.line)
  }

  func badValue(
    _ key: String,
    _ value: String,
    it: String,
    en: String,
    line: Int? = nil
  ) -> LessonProblem {
    problem(.badValue(key: key, value: value, needs: Bilingual(it: it, en: en)), line: line)
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

  func proseBlocks(_ text: String) -> [ProseBlock] {
    Markdown(text).blocks.compactMap { $0.prose() }
  }

  /// The text with its keys; no key is empty, only some have text below them.
  func keyed(_ keys: [String], withText: Set<String>) throws(LessonProblem) -> KeyedText {
    if let (word, index) = KeyedText.mistyped(allLines, keys: keys) {
      throw problem(.unknownLineKey(word, known: keys), line: line + 1 + index)
    }
    let text = KeyedText(allLines, first: line + 1, keys: keys)
    for entry in text.entries {
      if entry.key != "hint", entry.value.text.isEmpty {
        throw problem(.emptyLine(entry.key), line: entry.value.line)
      }
      guard withText.contains(entry.key) || entry.below.trimmed.isEmpty else {
        throw problem(.strayText(entry.below.trimmed, below: entry.key), line: entry.value.line + 1)
      }
    }
    return text
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

  /// A note, with the time `clock=6:30`.
  private func note(_ values: [String: String]) throws(LessonProblem) -> TeacherNote {
    var clock: Int?
    if let text = values["clock"] {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 2, let minutes = parts[0], let seconds = parts[1],
        (0..<600).contains(minutes), (0..<60).contains(seconds)
      else { throw badValue("clock", text, it: "minuti e secondi, 6:30", en: "minutes:seconds") }
      clock = minutes * 60 + seconds
    }
    return TeacherNote(text: proseBlocks(text), clock: clock)
  }
}
