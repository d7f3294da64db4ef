// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// What is refused where the system gives little memory: with one sentence, never by a trap.
@Suite(.serialized)
struct ScarceMemoryTests {
  private static let refusal = "of memory, the system does not give them"

  /// Values of 4 MB and more, which are asked for before they are taken, and more of them than are
  /// held.
  private static let manyRows = [":model gatto-2", ":corpus gatto-1 rows 4096", ":run"]

  /// Each of these makes values beside those of the run.
  @Test(arguments: [
    [":fork a", ":set logits[0,0,0] = 3"], [":fork a", ":mask none"], [":fork a", ":ablate 0.0"],
    [":fork a", ":run"], [":fork a", ":diff a"], [":rwatch loss < 1"], [":curve loss"],
    [":precision f64"], [":optimizer adamw"],
  ])
  func copiesAreRefused(lines: [String]) throws {
    let program = try OpenProgram(["--lang", "en"])
    try program.send(Self.manyRows + ["20000 + 7"])
    _ = try program.output(until: "20007")
    try program.allowNoMore()
    try program.send(lines)
    let found = try program.end()
    // A script ends at its first problem; a trap would have another status.
    #expect(found.status == 1)
    #expect(found.errors.contains(Self.refusal), "\(found.errors)")
  }

  /// Values that were given up are computed again when somebody looks: where there is no memory for
  /// that, the person is told, and all is as it was.
  @Test func whatWasGivenUpIsRefusedToo() throws {
    let program = try OpenProgram(["--protocol", "json", "--lang", "en"])
    func answer(_ id: Int, _ text: String) throws -> String {
      let request = ["id": id, "do": "execute", "text": text] as [String: Any]
      let line = try JSONSerialization.data(withJSONObject: request)
      try program.send([String(decoding: line, as: UTF8.self)])
      return try program.output(until: "\"id\":\(id),\"event\":\"done\"")
    }
    _ = try answer(1, Self.manyRows.joined(separator: "\n"))
    try program.allowNoMore()
    let refused = try answer(2, ":hash")
    #expect(refused.contains(Self.refusal) && refused.contains("\"hint\""), "\(refused)")
    try program.allowAll()
    let hash = try answer(3, ":hash")
    #expect(try program.end().status == 0)
    let other = try PassoProgram.run(
      ["--lang", "en"],
      input: (Self.manyRows + [":hash"]).joined(separator: "\n") + "\n"
    )
    let digits = try #require(other.output.split(separator: "\n").last?.split(separator: " ").last)
    #expect(hash.contains(digits), "\(hash) \(digits)")
  }

  /// A twin that nobody has changed needs no copy of the values.
  @Test func whatCopiesNothingIsNotRefused() throws {
    let program = try OpenProgram(["--lang", "en"])
    try program.send(Self.manyRows + ["20000 + 7"])
    _ = try program.output(until: "20007")
    try program.allowNoMore()
    try program.send([":fork a", ":swap a", ":fork b", ":where"])
    let found = try program.end()
    #expect(found.status == 0, "\(found.errors)")
  }

  /// A lesson's products and updates take no room beside the values.
  @Test func aLessonNeedsLittle() throws {
    let found = try reply([":until loss", ":train 3", ":where"], kilobytes: 200_000)
    #expect(found.status == 0, "\(found.errors)")
  }

  @Test(arguments: [
    "onehot(1e999, 1000000) + W_pos", "onehot(W_pos, 2000000)",
    "softmax(onehot(W_pos[0], 1000000) * 2 + 1)",
  ])
  func expressionsAreRefused(line: String) throws {
    let found = try reply([line], kilobytes: 500_000)
    #expect(found.status == 1)
    #expect(found.errors.contains(" GB "))
  }

  /// Kilobytes that a process may map; a start needs some hundred thousand for libraries alone.
  private func reply(_ lines: [String], kilobytes: Int) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      ["--lang", "en"],
      input: lines.joined(separator: "\n") + "\n",
      limits: "-v \(kilobytes)"
    )
  }
}
