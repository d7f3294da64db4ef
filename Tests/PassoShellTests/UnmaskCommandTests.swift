// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoModel
import PassoTestSupport
import Testing

@testable import PassoShell

/// `:generate --unmask`: each step uncovers one place, and the same seed the same ones.
struct UnmaskCommandTests {
  /// A model of a language with one sentence: of a text that is typed always the same is covered.
  private func learned(_ objective: String = "any-order") throws -> ShellProbe {
    let scratch = try Scratch()
    let rules = "<sentence> = Il gatto dorme sul divano"
    let path = try scratch.write(Array(rules.utf8), to: "one.grammar")
    let probe = try ShellProbe()
    probe.run(
      ":corpus \(path) rows 8",
      ":objective \(objective)",
      ":optimizer adamw 0.02",
      ":train 200"
    )
    return probe
  }

  @Test func theSentenceThatWasLearnedComesOut() throws {
    let probe = try learned()
    let shown = probe.run(":generate --unmask")
    #expect(shown.contains("Il gatto dorme sul divano"), "\(shown)")
    let lines = shown.split(separator: "\n")
    #expect(lines.count == 8 && lines[0].contains("step"))
    // Before each step one place more is covered.
    for (number, line) in lines[1...6].enumerated() {
      #expect(line.count { $0 == "·" } == 5 - number, "\(line)")
    }
    #expect(probe.run(":generate \"Il gatto\" --unmask").contains("Il gatto dorme sul divano"))
    #expect(probe.run(":generate --unmask") == shown)
    let always = try learned("masked always")
    #expect(always.run(":generate --unmask").contains("·"))
  }

  @Test func theSeedDecidesWhatIsLeftToChance() throws {
    let probe = try ShellProbe()
    probe.run(":objective any-order")
    func drawn(_ seed: Int) -> String {
      probe.run(":generate --unmask temperature 2 seed \(seed)")
    }
    #expect(drawn(1) == drawn(1) && Set((1...6).map(drawn)).count == 6)
    let before = probe.type(":hash").output
    _ = drawn(3)
    #expect(probe.type(":hash").output == before)
  }

  /// The probability that is shown is that of the token at its place, given what is uncovered.
  @Test func eachStepIsWhatTheModelSays() throws {
    let probe = try learned()
    let session = probe.shell.session
    let mask = try #require(session.tokenizer.id(of: .mask))
    let unmasker = try Unmasker(session.model, length: 6, mask: mask)
    var row = Array(repeating: mask, count: 6)
    var steps = 0
    let found = try unmasker.uncover(
      after: [],
      SamplingSettings(temperature: 1),
      seed: 4
    ) { step in
      let runner = try? ModelRunner(
        session.model,
        batch: BatchShape(rows: 1, length: 6),
        reading: [.model(.logits)]
      )
      try? runner?.set(
        TokenBatch(inputs: row, targets: row.map { _ in -100 }, prefix: [6])
      )
      try? runner?.run(to: .model(.logits))
      let all = ((try? runner?.value(.model(.logits))) ?? nil)?.doubles ?? []
      let width = all.count / 6
      let here = all.dropFirst(step.place * width).prefix(width).map { exp($0) }
      // `<mask>` is no answer.
      let rest = here.isEmpty ? .nan : here.reduce(0, +) - here[Int(mask)]
      let expected = here.isEmpty ? .nan : here[Int(step.token)] / rest
      #expect(abs(step.probability - expected) < 1e-5)
      #expect(row[step.place] == mask && step.token != mask)
      row[step.place] = step.token
      #expect(step.row == row)
      steps += 1
    }
    #expect(steps == 6 && found == row)
  }

  @Test func whatCannotBeUncoveredIsSaid() throws {
    let probe = try ShellProbe()
    let causal = probe.type(":generate --unmask")
    #expect(causal.outcome == .failed && causal.errors.contains("this one has learned causal"))
    probe.run(":objective any-order")
    for (line, part) in [
      (":generate \"Il gatto dorme sul divano Il gatto\" --unmask", "needs a place to uncover"),
      (":generate 900 --unmask", "which the model reads, got 900"),
      (":generate \"cane\" --unmask", "cane"),
    ] {
      let reply = probe.type(line)
      #expect(reply.outcome == .failed && reply.errors.contains(part), "\(line): \(reply.errors)")
    }
  }
}
