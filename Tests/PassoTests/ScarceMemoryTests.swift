// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// What is refused where the system gives little memory: with one sentence, never by a trap.
@Suite(.serialized)
struct ScarceMemoryTests {
  private static let refusal = "of memory, the system does not give them"

  /// Runs lines with so many kilobytes to map.
  ///
  /// With one heap for all threads what is mapped hangs on what is asked for, and not on which
  /// thread asks first.
  private func reply(_ lines: [String], kilobytes: Int) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      ["--lang", "en"],
      input: lines.joined(separator: "\n") + "\n",
      environment: ["MALLOC_ARENA_MAX": "1"],
      limits: "-v \(kilobytes)"
    )
  }

  /// The memory with which lines are carried out, to 8 MB, and the line that is refused with less;
  /// with any memory in between they are carried out or refused.
  private func need(_ lines: [String]) throws -> (kilobytes: Int, refused: String?) {
    var (tooLittle, enough, refused) = (160_000, 640_000, String?.none)
    while enough - tooLittle > 8_000 {
      let middle = (tooLittle + enough) / 2
      let found = try reply(lines, kilobytes: middle)
      if found.status == 0 {
        enough = middle
        continue
      }
      // A script ends at its first problem; a trap would have another status.
      #expect(found.status == 1 && found.errors.contains(Self.refusal), "\(found)")
      tooLittle = middle
      refused = found.output.split(separator: "\n").last { $0.hasPrefix("passo> ") }
        .map { String($0.dropFirst("passo> ".count)) }
    }
    return (enough, refused)
  }

  private static let manyRows = [":model gatto-2", ":corpus gatto-1 rows 1024", ":run"]

  /// Each of these makes values beside those of the run.
  @Test(arguments: [
    [":fork a", ":set logits[0,0,0] = 3"], [":fork a", ":diff a"],
    [":fork a", ":mask none", ":run"],
    [":rwatch loss < 1"], [":curve loss"], [":precision f64", ":run"], [":train 2"],
  ])
  func copiesAreRefused(lines: [String]) throws {
    let found = try need(Self.manyRows + lines)
    #expect(found.kilobytes < 640_000 && found.refused == lines.last, "\(found)")
  }

  /// A twin that nobody has changed needs no copy of the values.
  @Test func whatCopiesNothingIsNotRefused() throws {
    let alone = try need(Self.manyRows)
    let twins = try need(Self.manyRows + [":fork a", ":swap a", ":fork b", ":where"])
    #expect(alone.refused == ":run")
    // A copy would take sixty thousand more.
    #expect(twins.kilobytes < alone.kilobytes + 20_000)
  }

  /// Values that were given up are computed again when somebody looks: where there is no memory for
  /// that, the person is told, and all is as it was.
  @Test func whatWasGivenUpIsRefusedToo() throws {
    let program = try OpenProgram(environment: ["MALLOC_ARENA_MAX": "1"])
    // More than is held.
    let rows = [":model gatto-2", ":corpus gatto-1 rows 4096", ":run"]
    _ = try program.answer(rows.joined(separator: "\n"))
    try program.allowNoMore()
    let refused = try program.answer(":hash")
    #expect(refused.contains(Self.refusal) && refused.contains("hint"), "\(refused)")
    try program.allowAll()
    let hash = try program.answer(":hash")
    #expect(try program.end() == 0)
    let other = try PassoProgram.run(
      ["--lang", "en"],
      input: (rows + [":hash"]).joined(separator: "\n") + "\n"
    )
    let digits = try #require(other.output.split(separator: "\n").last?.split(separator: " ").last)
    #expect(hash.contains(digits), "\(hash) \(digits)")
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
    let found = try reply([line], kilobytes: 300_000)
    #expect(found.status == 1)
    #expect(found.errors.contains(" GB "))
  }
}
