// SPDX-License-Identifier: MIT

import Foundation
import PassoFuzz
import PassoText
import Testing

@testable import passo

/// `passo --protocol json`, as another program talks to it.
struct ProtocolTests {
  /// Sends requests, and gives what is answered.
  private func answers(
    _ requests: [String],
    _ arguments: [String] = [],
    lang: String = "en",
    environment: [String: String] = [:]
  ) throws -> [ProtocolAnswer] {
    let reply = try PassoProgram.run(
      ["--protocol", "json", "--lang", lang] + arguments,
      input: requests.map { $0 + "\n" }.joined(),
      environment: environment
    )
    #expect(reply.status == 0 && reply.errors.isEmpty, "\(reply.errors)")
    return try ProtocolAnswer.all(reply.output)
  }

  private func execute(_ text: String, id: Int = 1) throws -> String {
    try request(["id": id, "do": "execute", "text": text])
  }

  private func request(_ members: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
  }

  @Test func linesAreCarriedOutAndAnswered() throws {
    let found = try answers([execute(":pairs\n\n# a comment\n  1 + 2", id: 7)])
    #expect(found.map(\.event) == ["hello", "line", "figure", "line", "figure", "done"])
    #expect(found[0].number("protocol") == 1 && found[0].text("language") == "en")
    #expect(found.dropFirst().allSatisfy { $0.number("id") == 7 })
    #expect(found[1].number("number") == 1 && found[3].number("number") == 4)
    #expect(found[2].text("text")?.contains("given") == true)
    #expect(found[2].text("html")?.hasPrefix("<div class=\"passo\" lang=\"en\">") == true)
    #expect(found[4].text("text") == "  1 + 2 = 3\n")
    #expect(found[5].text("outcome") == "done" && found[5].text("position") == "0:0")
  }

  @Test func drawingsAreDrawnAndTablesAreTables() throws {
    let found = try answers([execute(":train 2\n:curve loss"), execute(":show mask")])
    let figures = found.filter { $0.event == "figure" }
    let curve = try #require(figures.first { $0.text("svg") != nil })
    #expect(curve.text("html") == nil && curve.text("text")?.isEmpty == false)
    let mask = try #require(figures.last)
    #expect(mask.text("svg")?.contains("<svg") == true)
    #expect(mask.text("html")?.contains("<table") == true)
  }

  /// Requests of strangers that carry nothing out: what is typed has attacks of its own.
  @Test func noRequestEndsTheConversation() throws {
    let samples = [
      #"{"id": 2, "do": "complete", "text": ":show blo", "cursor": 7}"#,
      #"{"id": 3, "do": "inspect", "text": ":show logits\nlet x = q[0]", "cursor": 8}"#,
      #"{"do": "check", "text": ":text \"Il gatto è\ud83d\ude00"}"#,
    ]
    let mutator = Mutator(
      samples: samples.map { Array($0.utf8) },
      words: ["id", "do", "complete", "inspect", "check", "text", "cursor", ":explain", "attn"],
      longest: 160
    )
    var events: Set<String> = []
    // All requests of a round fit into the pipe: nobody reads answers before the last is written.
    for round in 0..<8 {
      let requests = (0..<120).map { number in
        let input = mutator.input(round * 120 + number, of: "protocol", seed: 21)
        return String(decoding: input, as: UTF8.self)
      }
      let found = try answers(requests + [#"{"id": 77, "do": "check", "text": "1"}"#])
      #expect(found.last?.number("id") == 77 && found.last?.event == "check")
      events.formUnion(found.map(\.event))
    }
    #expect(events.isSuperset(of: ["hello", "problem", "completions", "inspection", "check"]))
  }

  @Test func theFirstProblemEndsTheText() throws {
    let found = try answers([execute(":step\n:show atn\n:step")])
    let problem = try #require(found.first { $0.event == "problem" })
    #expect(problem.text("message") == "no value is called 'atn'")
    #expect(problem.text("hint")?.isEmpty == false)
    #expect(problem.text("source") == ":show atn")
    #expect(problem.members["span"] as? [Int] == [6, 9])
    #expect(found.filter { $0.event == "line" }.count == 2)
    #expect(found.last?.text("outcome") == "failed" && found.last?.text("position") == "0:1")
  }

  @Test(arguments: [
    ("nonsense", "JSON needs"), ("{\"id\": 3, \"do\": \"dance\"}", "got 'dance'"),
    ("{\"id\": 3}", "got 'nothing'"), ("[1, 2]", "{...}"), ("{\"do\": 7}", "'do' needs to be"),
    ("{\"do\": \"execute\", \"do\": \"execute\"}", "twice"),
  ])
  func whatIsNoRequestGetsOneSentence(line: String, words: String) throws {
    let found = try answers([line, execute("1 + 2")])
    #expect(found[1].event == "problem", "\(line)")
    #expect(found[1].text("message")?.contains(words) == true, "\(found[1].members)")
    #expect(found[1].text("hint")?.hasPrefix("for example {") == true)
    #expect(found[2].event == "line" && found.last?.text("outcome") == "done")
  }

  @Test func itSpeaksTheLanguageThatIsAskedFor() throws {
    let found = try answers([execute(":show atn"), "?"], lang: "it")
    let problems = found.filter { $0.event == "problem" }
    #expect(problems.first?.text("text")?.contains("errore: ") == true)
    #expect(problems.last?.text("hint")?.hasPrefix("per esempio {") == true)
  }

  @Test func wordsAreCompletedWhereTheCursorIs() throws {
    let cat = "\u{1F408}"
    let found = try answers([
      request(["do": "complete", "text": ":text \"\(cat)\"\n  :pair\n:step", "cursor": 17]),
      request(["do": "complete", "text": "W_E[\"gat"]),
      request(["do": "complete", "text": ":show blocks.0.attn.patt", "cursor": -5]),
      request(["do": "complete", "text": ":pair", "cursor": 9_999]),
    ]).filter { $0.event == "completions" }
    #expect(found[0].members["matches"] as? [String] == [":pairs"])
    #expect(found[0].number("start") == 12 && found[0].number("end") == 17)
    #expect(found[1].members["matches"] as? [String] == ["gatto\""])
    #expect(found[2].number("start") == 0)
    #expect(found[3].number("start") == 0 && found[3].number("end") == 5)
  }

  @Test func valuesCommandsAndFunctionsAreExplained() throws {
    func inspect(_ text: String, _ cursor: Int) throws -> String {
      try request(["do": "inspect", "text": text, "cursor": cursor])
    }
    let found = try answers([
      inspect(":show blocks.0.attn.pattern[0]", 12), inspect("1 + 2\n:pairs", 8),
      inspect("max(upper(probs))", 2), inspect("nothing_of_mine", 3), inspect(":hint ", 6),
      execute(":hash"), inspect(":step", 3), execute(":hash"),
    ])
    let texts = found.filter { $0.event == "inspection" }
    #expect(texts[0].text("text")?.contains("softmax(blocks.0.attn.masked)") == true)
    #expect(texts[1].text("text")?.hasPrefix(":pairs") == true)
    #expect(texts[2].text("text")?.hasPrefix("max(") == true)
    #expect(texts[3].members["found"] as? Bool == false && texts[3].text("text") == nil)
    #expect(texts[4].text("text")?.hasPrefix(":hint") == true)
    let hashes = found.filter { $0.event == "figure" }.map { $0.text("text") }
    #expect(hashes.count == 2 && hashes[0] == hashes[1])
  }

  @Test func anOpenQuotationMarkIsNoWholeLine() throws {
    let texts = [":step", "", ":text \"Il gatto", ":text \"Il\"\n:pairs", "# \"a"]
    let found = try answers(texts.map { try request(["do": "check", "text": $0]) })
    let answers = found.filter { $0.event == "check" }.map { $0.members["complete"] as? Bool }
    #expect(answers == [true, true, false, true, true])
  }

  @Test func leavingEndsTheProgram() throws {
    let found = try answers([execute(":quit\n:step"), execute(":step")])
    #expect(found.last?.text("outcome") == "finished")
    #expect(found.filter { $0.event == "line" }.count == 1)
  }

  @Test func aLessonIsTakenAndKept() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let state = ["XDG_STATE_HOME": folder]
    let first = try answers(
      [execute(":lesson 1"), execute("1389"), execute(""), execute(":skip")],
      environment: state
    ).filter { $0.event == "done" }
    #expect(first.map { $0.text("enter") }.prefix(2) == [":continue", "1000000 * 5 / 3600"])
    #expect(first.map { $0.text("prepared") }.prefix(2) == [nil, "1000000 * 5 / 3600"])
    #expect(first[2].text("enter") == "1000000 * 5 / 3600 / 40")
    #expect(first.allSatisfy { $0.text("lesson") == "01-labels" })
    let second = try answers([execute(":lesson 1")], environment: state)
    let shown = second.compactMap { $0.text("text") }.joined()
    #expect(shown.contains("you go on at p2"), "\(shown)")
  }
}

/// What the program has answered, line by line.
struct ProtocolAnswer {
  let members: [String: Any]

  var event: String { text("event") ?? "" }

  func text(_ key: String) -> String? { members[key] as? String }
  func number(_ key: String) -> Int? { members[key] as? Int }

  static func all(_ output: String) throws -> [ProtocolAnswer] {
    try output.split(separator: "\n").map { line in
      let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return ProtocolAnswer(members: try #require(value as? [String: Any]))
    }
  }
}

/// Ctrl-C while something is computed, and while nothing is.
struct ProtocolInterruptTests {
  @Test func trainingPausesAndNothingIsLost() throws {
    let program = try OpenProgram()
    _ = try program.events(to: "hello")
    // Nothing is at work: it is meant for nothing.
    program.interrupt()
    usleep(100_000)
    try program.send(":train 1000000\n:mark never")
    _ = try program.events(to: "progress")
    program.interrupt()
    let stopped = try #require(try program.events(to: "done").last)
    #expect(stopped.text("outcome") == "interrupted")
    let update = try #require(stopped.text("position")?.split(separator: ":").first)
    #expect(try #require(Int(update)) > 0)
    try program.send(":mark here\n1 + 2")
    #expect(try program.events(to: "done").last?.text("outcome") == "done")
    #expect(try program.end() == 0)
  }
}
