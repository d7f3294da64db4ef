// SPDX-License-Identifier: MIT

import PassoText

/// Reads a lesson from its text.
package struct LessonParser {
  private let file: String
  private var items: [LessonItem] = []
  private var prose: [ProseBlock] = []
  private var proseLine = 0
  private var ids: Set<String> = []

  /// Reads a lesson.
  ///
  /// Throws `LessonProblem` with file and line at the first thing that is wrong.
  package static func parse(_ text: String, file: String) throws(LessonProblem) -> Lesson {
    let (header, body, firstLine) = try LessonHeaderParser(file: file).parse(text)
    var parser = LessonParser(file: file)
    for node in Markdown(body).blocks { try parser.add(node, offset: firstLine - 1) }
    parser.flushProse()
    let lesson = Lesson(header: header, items: parser.items, file: file)
    try parser.checkReferences(lesson)
    return lesson
  }

  private mutating func add(_ node: Markdown.Node, offset: Int) throws(LessonProblem) {
    let line = node.firstLine + offset
    guard node.type == "code_block", node.fenceInfo.hasPrefix("passo-") else {
      guard let block = node.prose() else { return }
      if prose.isEmpty { proseLine = line }
      prose.append(block)
      return
    }
    flushProse()
    let block = FencedBlock(info: node.fenceInfo, text: node.literal, line: line, file: file)
    let content = try block.content()
    for id in content.ids {
      guard ids.insert(id).inserted else {
        throw LessonProblem(.duplicateID(id), file: file, line: line)
      }
    }
    items.append(LessonItem(content: content, line: line))
  }

  private mutating func flushProse() {
    guard !prose.isEmpty else { return }
    items.append(LessonItem(content: .prose(prose), line: proseLine))
    prose = []
  }

  /// Facts, locks and alternatives must name run blocks; a lock must stand before its block.
  private func checkReferences(_ lesson: Lesson) throws(LessonProblem) {
    let runs = Set(lesson.items.compactMap(\.content.runBlock?.id))
    for item in lesson.items {
      guard let (id, block) = item.content.reference, !runs.contains(id) else { continue }
      throw LessonProblem(.danglingReference(id, block: block), file: file, line: item.line)
    }
  }
}

extension LessonItem.Content {
  fileprivate var ids: [String] {
    switch self {
    case .run(let block): [block.id]
    case .predict(let prediction): [prediction.id]
    case .quiz(let quiz): [quiz.id]
    case .exercise(let exercise): [exercise.id]
    case .facts(let block): block.facts.map(\.id)
    default: []
    }
  }

  fileprivate var reference: (id: String, block: String)? {
    switch self {
    case .facts(let block): (block.runID, "passo-facts")
    case .predict(let prediction): (prediction.locks, "passo-predict")
    case .alternative(let id, _): (id, "passo-alt")
    default: nil
    }
  }
}

/// Reads the lines between the `---` marks.
struct LessonHeaderParser {
  let file: String

  /// The header, the rest of the text, and the line at which the rest begins.
  func parse(_ text: String) throws(LessonProblem) -> (LessonHeader, body: String, line: Int) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.last == "\r" ? String($0.dropLast()) : String($0)
    }
    guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
      throw LessonProblem(.noHeader, file: file, line: 1)
    }
    var values: [String: SourceLine] = [:]
    for index in 1..<end where !lines[index].isEmpty {
      let (key, value) = try keyValue(lines[index], line: index + 1)
      values[key] = SourceLine(text: value, line: index + 1)
    }
    // NUL cannot pass the C library.
    let body = lines[(end + 1)...].joined(separator: "\n").replacing("\0", with: "\u{FFFD}")
    return (try header(values), body, end + 2)
  }

  private func keyValue(_ line: String, line number: Int) throws(LessonProblem) -> (String, String)
  {
    guard let colon = line.firstIndex(of: ":") else {
      throw LessonProblem(.headerLine(line), file: file, line: number)
    }
    let key = String(line[..<colon])
    guard LessonForm.headerKeys.contains(key) else {
      throw LessonProblem(.unknownKey(key, known: LessonForm.headerKeys), file: file, line: number)
    }
    return (key, line[line.index(after: colon)...].trimmed)
  }

  private func header(_ values: [String: SourceLine]) throws(LessonProblem) -> LessonHeader {
    func required(_ key: String) throws(LessonProblem) -> SourceLine {
      if let value = values[key], !value.text.isEmpty { return value }
      throw LessonProblem(.missingKey(key), file: file, line: 1)
    }
    func list(_ key: String) -> [String] {
      (values[key]?.text ?? "").split(separator: ",").map(\.trimmed)
    }
    func bad(_ key: String, _ value: SourceLine, it: String, en: String) -> LessonProblem {
      let needs = Bilingual(it: it, en: en)
      let kind = LessonProblem.Kind.badValue(key: key, value: value.text, needs: needs)
      return LessonProblem(kind, file: file, line: value.line)
    }
    func number(_ value: SourceLine, _ key: String) throws(LessonProblem) -> Int {
      if let number = Int(value.text), number >= 0 { return number }
      throw bad(key, value, it: "un numero", en: "a number")
    }
    let lang = try required("lang")
    guard let language = Language(rawValue: lang.text) else {
      throw bad("lang", lang, it: "it o en", en: "it or en")
    }
    let precision = values["precision"]
    if let precision, !["f32", "f64"].contains(precision.text) {
      throw bad("precision", precision, it: "f32 o f64", en: "f32 or f64")
    }
    var seed: Int?
    if let value = values["seed"] { seed = try number(value, "seed") }
    return LessonHeader(
      id: try required("id").text,
      language: language,
      title: try required("title").text,
      minutes: try number(try required("minutes"), "minutes"),
      requires: list("requires"),
      seed: seed,
      precision: precision?.text,
      objectives: list("objectives")
    )
  }
}

extension StringProtocol {
  /// The text without blanks at its ends.
  var trimmed: String {
    var scalars = Substring(self).unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
  }
}
