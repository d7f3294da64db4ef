// SPDX-License-Identifier: MIT

import Testing

/// What is refused where the system gives little memory, and that the session lives on.
@Suite(.serialized)
struct ScarceMemoryTests {
  /// Kilobytes that a process may map; a start needs some hundred thousand for libraries alone.
  private func reply(_ lines: [String], kilobytes: Int) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      ["--lang", "en"],
      input: lines.joined(separator: "\n") + "\n",
      limits: "-v \(kilobytes)"
    )
  }

  @Test(arguments: [700_000, 1_000_000])
  func copiesAreRefused(kilobytes: Int) throws {
    let found = try reply(
      [
        ":model gatto-2", ":corpus gatto-1 rows 1024", ":run", ":fork a",
        ":set logits[0,0,0] = 3", ":fork b", ":set logits[0,0,1] = 3", ":fork c",
        ":set logits[0,0,1] = 4", ":fork d", ":set logits[0,0,1] = 5", ":ablate 0.0", ":undo",
        ":diff a", ":leaks", ":where",
      ],
      kilobytes: kilobytes
    )
    // A script ends at its first problem; a trap would have another status.
    #expect(found.status == 1)
    #expect(found.errors.contains("of memory, the system does not give them"))
  }

  @Test(arguments: [
    "onehot(1e999, 1000000) + W_pos", "onehot(W_pos, 2000000)",
    "softmax(onehot(W_pos[0], 1000000) * 2 + 1)",
  ])
  func expressionsAreRefused(line: String) throws {
    let found = try reply([line], kilobytes: 700_000)
    #expect(found.status == 1)
    #expect(found.errors.contains(" GB "))
  }
}
