// SPDX-License-Identifier: MIT

import Testing

/// What is refused where the system gives little memory: with one sentence, never by a trap.
@Suite(.serialized)
struct ScarceMemoryTests {
  private static let refusal = "of memory, the system does not give them"

  /// Kilobytes that a process may map; a start needs some hundred thousand for libraries alone.
  private func reply(_ lines: [String], kilobytes: Int) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      ["--lang", "en"],
      input: lines.joined(separator: "\n") + "\n",
      limits: "-v \(kilobytes)"
    )
  }

  private static let manyRows = [":model gatto-2", ":corpus gatto-1 rows 1024", ":run"]

  /// Each of these makes values beside those of the run; which of the two is refused differs from
  /// one start to the next, as the system places what it maps.
  @Test(arguments: [
    [":fork a", ":set logits[0,0,0] = 3"], [":fork a", ":mask none"], [":fork a", ":ablate 0.0"],
    [":fork a", ":set W_E[0,0] = 1"], [":fork a", ":run"], [":fork a", ":diff a"],
    [":rwatch loss < 1"], [":curve loss"], [":precision f64"], [":optimizer adamw"],
  ])
  func copiesAreRefused(lines: [String]) throws {
    let found = try reply(Self.manyRows + lines, kilobytes: 400_000)
    // A script ends at its first problem; a trap would have another status.
    #expect(found.status == 1)
    #expect(found.errors.contains(Self.refusal))
  }

  /// A twin that nobody has changed needs no copy of the values.
  @Test func whatCopiesNothingIsNotRefused() throws {
    let found = try reply(
      Self.manyRows + [":fork a", ":swap a", ":fork b", ":where"],
      kilobytes: 600_000
    )
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
}
