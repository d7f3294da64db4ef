// SPDX-License-Identifier: MIT

import Foundation
import FoundationXML

/// A question as a platform reads it from a file, whatever wrote it.
struct ReadQuestion: Equatable {
  struct Answer: Equatable {
    /// HTML of an option, digits of a number.
    var text = ""
    var weight = 0.0
    var tolerance: Double?
    var feedback = ""
  }

  var category = ""
  var name = ""
  var text = ""
  var isNumber = false
  var answers: [Answer] = []
  var afterwards = ""
  var hints: [String] = []
}

/// What a browser would show of a piece of HTML.
func shown(_ html: String) -> String {
  let text = html.replacing("</p>", with: " ").replacing(/<[^>]*>/, with: "")
  return [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
    .reduce(text) { $0.replacing($1.0, with: $1.1) }
    .split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

/// The same without the marks around words that are spoken of, which a lesson writes otherwise.
func spoken(_ html: String) -> String { shown(html).unquoted }

extension String {
  /// Without the marks around words that are spoken of, which Markdown writes otherwise.
  var unquoted: String { filter { !"«»'".contains($0) } }
}

/// Reads GIFT as Moodle does: blocks between empty lines, characters with a backslash are text.
enum GIFTReader {
  struct Fault: Error { let block: String }

  /// A character, and whether it means something to the format.
  private typealias Mark = (character: Character, isObeyed: Bool)

  static func questions(_ text: String) throws -> [ReadQuestion] {
    var (category, questions) = ("", [ReadQuestion]())
    let blocks = text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("//") }
      .split { $0.allSatisfy(\.isWhitespace) }.map { $0.joined(separator: "\n") }
    for block in blocks {
      if block.hasPrefix("$CATEGORY: ") {
        category = String(block.dropFirst("$CATEGORY: ".count))
        continue
      }
      var question = try question(block)
      question.category = category
      questions.append(question)
    }
    return questions
  }

  private static func question(_ block: String) throws -> ReadQuestion {
    var rest = marks(block)[...]
    guard take("::", &rest), let end = first("::", rest) else { throw Fault(block: block) }
    var question = ReadQuestion(name: text(rest[..<end]))
    rest = rest[(end + 2)...]
    guard let open = first("{", rest), let close = first("}", rest), open < close,
      text(rest[(close + 1)...]).isEmpty
    else { throw Fault(block: block) }
    let html = text(rest[..<open])
    guard html.hasPrefix("[html]") else { throw Fault(block: block) }
    question.text = String(html.dropFirst("[html]".count))
    var answers = rest[(open + 1)..<close]
    if let start = first("####", answers) {
      question.afterwards = text(answers[(start + 4)...])
      answers = answers[..<start]
    }
    answers = answers.drop { $0.character.isWhitespace }
    question.isNumber = take("#", &answers)
    question.answers = try parts(answers).map { try answer($0, question.isNumber, block) }
    return question
  }

  /// The answers, each with the sign before it.
  private static func parts(_ answers: ArraySlice<Mark>) -> [ArraySlice<Mark>] {
    let starts = answers.indices.filter { index in
      answers[index].isObeyed && ["=", "~"].contains(answers[index].character)
    }
    return zip(starts, starts.dropFirst() + [answers.endIndex]).map { answers[$0..<$1] }
  }

  private static func answer(
    _ part: ArraySlice<Mark>,
    _ isNumber: Bool,
    _ block: String
  ) throws -> ReadQuestion.Answer {
    var answer = ReadQuestion.Answer(weight: part.first?.character == "=" ? 100 : 0)
    var rest = part.dropFirst()
    if let hash = first("#", rest) {
      answer.feedback = text(rest[(hash + 1)...])
      rest = rest[..<hash]
    }
    guard isNumber else {
      answer.text = text(rest)
      return answer
    }
    if take("%", &rest) {
      guard let percent = first("%", rest), let weight = Double(text(rest[..<percent])) else {
        throw Fault(block: block)
      }
      answer.weight = weight
      rest = rest[(percent + 1)...]
    }
    guard let colon = first(":", rest), let tolerance = Double(text(rest[(colon + 1)...])) else {
      throw Fault(block: block)
    }
    answer.text = text(rest[..<colon])
    answer.tolerance = tolerance
    return answer
  }

  private static func marks(_ block: String) -> [Mark] {
    var marks: [Mark] = []
    var isEscaped = false
    for character in block {
      if isEscaped {
        marks.append((character == "n" ? "\n" : character, false))
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        marks.append((character, true))
      }
    }
    return marks
  }

  private static func first(_ sign: String, _ marks: ArraySlice<Mark>) -> Int? {
    marks.indices.first { start in
      zip(sign, marks[start...]).allSatisfy { $1.isObeyed && $1.character == $0 }
        && marks[start...].count >= sign.count
    }
  }

  private static func take(_ sign: String, _ marks: inout ArraySlice<Mark>) -> Bool {
    guard first(sign, marks) == marks.startIndex, !marks.isEmpty else { return false }
    marks = marks.dropFirst(sign.count)
    return true
  }

  private static func text(_ marks: ArraySlice<Mark>) -> String {
    String(marks.map(\.character)).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Reads Moodle's XML.
final class MoodleXMLReader: NSObject, XMLParserDelegate {
  private var category = ""
  private var questions: [ReadQuestion] = []
  private var path: [String] = []
  private var text = ""

  /// Nil if the document is not well formed.
  static func questions(_ document: String) -> [ReadQuestion]? {
    let reader = MoodleXMLReader()
    let parser = XMLParser(data: Data(document.utf8))
    parser.delegate = reader
    return parser.parse() ? reader.questions : nil
  }

  func parser(
    _ parser: XMLParser,
    didStartElement name: String,
    namespaceURI: String?,
    qualifiedName: String?,
    attributes: [String: String]
  ) {
    path.append(name)
    text = ""
    switch name {
    case "question" where attributes["type"] != "category":
      let isNumber = attributes["type"] == "numerical"
      questions.append(ReadQuestion(category: category, isNumber: isNumber))
    case "answer":
      let weight = attributes["fraction"].flatMap { Double($0) } ?? .nan
      change { $0.answers.append(.init(weight: weight)) }
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser,
    didEndElement name: String,
    namespaceURI: String?,
    qualifiedName: String?
  ) {
    let found = text
    switch path.dropFirst(2).joined(separator: "/") {
    case "category/text": category = found
    case "name/text": change { $0.name = found }
    case "questiontext/text": change { $0.text = found }
    case "generalfeedback/text": change { $0.afterwards = found }
    case "hint/text": change { $0.hints.append(found) }
    case "answer/text": changeAnswer { $0.text = found }
    case "answer/feedback/text": changeAnswer { $0.feedback = found }
    case "answer/tolerance": changeAnswer { $0.tolerance = Double(found) }
    default: break
    }
    path.removeLast()
  }

  private func change(_ change: (inout ReadQuestion) -> Void) {
    guard !questions.isEmpty else { return }
    change(&questions[questions.count - 1])
  }

  private func changeAnswer(_ change: (inout ReadQuestion.Answer) -> Void) {
    self.change { question in
      guard !question.answers.isEmpty else { return }
      change(&question.answers[question.answers.count - 1])
    }
  }
}
