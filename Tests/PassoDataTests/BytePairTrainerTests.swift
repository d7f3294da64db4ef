// SPDX-License-Identifier: MIT
import Testing

@testable import PassoData

@Suite struct BytePairTrainerTests {
  private static let text = """
    il gatto dorme, il gatto mangia, la gatta dorme sul gatto: aaa aaaa aaaaa
    gattino gattone gattaccio, mangiare mangiando

    """

  private func trainer(size: Int, minimum: Int = 0) throws -> BytePairTrainer {
    var plan = BytePairTrainer.Plan(vocabularySize: size)
    plan.minimumFrequency = minimum
    return try BytePairTrainer(texts: [Self.text], plan: plan)
  }

  /// Counts pairs over again from the text, as nobody would who had to be fast.
  private func recount(_ trainer: BytePairTrainer) -> [TokenPair: Int] {
    var counts: [TokenPair: Int] = [:]
    var text = Self.text
    text.withUTF8 { bytes in
      for range in TextScanner(.gpt2).pieces(of: bytes) {
        let piece = String(decoding: bytes[range], as: UTF8.self)
        let ids = trainer.encode(piece)
        for (left, right) in zip(ids, ids.dropFirst()) {
          counts[TokenPair(left, right), default: 0] += 1
        }
      }
    }
    return counts
  }

  @Test func everyStepMergesTheMostFrequentPairOfTheTextAsItIs() throws {
    var trainer = try trainer(size: 256 + 30)
    #expect(trainer.tokenCount == Self.text.utf8.count)
    while !trainer.isDone {
      let counts = recount(trainer)
      let shown = trainer.counts(top: 5)
      #expect(shown.allSatisfy { counts[$0.pair] == $0.count })
      let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
      #expect(shown.first?.pair == best?.key && shown.first?.count == best?.value)
      let step = trainer.step()
      let merge = try #require(step)
      #expect(merge.pair == best?.key && merge.count == best?.value)
      #expect(merge.tokensAfter == trainer.encode(Self.text).count)
      #expect(merge.tokensBefore > merge.tokensAfter)
    }
    let beyond = trainer.step()
    #expect(trainer.merges.count == 30 && beyond == nil)
  }

  @Test func aSampleShowsTheMergesSoFar() throws {
    var trainer = try trainer(size: 300)
    let before = trainer.encode("il gatto").map { trainer.token(of: $0) }
    #expect(before == ["i", "l", "\u{2423}", "g", "a", "t", "t", "o"])
    while !trainer.isDone { _ = trainer.step() }
    let after = trainer.encode("il gatto").map { trainer.token(of: $0) }
    #expect(after.count < before.count && after.compactMap(\.self).joined() == "il\u{2423}gatto")
    #expect(try trainer.tokenizer().encode("il gatto") == trainer.encode("il gatto"))
  }

  @Test func aCopyGoesBackInTime() throws {
    var trainer = try trainer(size: 300)
    _ = trainer.step()
    let kept = trainer
    let first = trainer.step()
    trainer.run()
    var again = kept
    #expect(again.merges.count == 1)
    let step = again.step()
    #expect(step == first)
  }

  @Test func rarePairsAreLeftAlone() throws {
    var trainer = try trainer(size: 1_000, minimum: 4)
    trainer.run()
    #expect(trainer.isDone && trainer.vocabularySize < 1_000)
    #expect(trainer.merges.allSatisfy { $0.count >= 4 })
    #expect(recount(trainer).values.allSatisfy { $0 < 4 })
  }

  @Test func threadsLearnTheSame() throws {
    let text = String(repeating: Self.text, count: 3_000)
    let plan = BytePairTrainer.Plan(vocabularySize: 320)
    var one = try BytePairTrainer(texts: [text], plan: plan, threads: 1)
    var three = try BytePairTrainer(texts: [text], plan: plan, threads: 3)
    #expect(one.tokenCount == three.tokenCount)
    one.run()
    three.run()
    #expect(one.merges == three.merges)
  }

  @Test func thePlanIsChecked() throws {
    #expect(throws: DataProblem.tooFewForBytes(found: 255, needed: 256)) { try trainer(size: 255) }
    #expect(throws: DataProblem.noWords(scalars: 0)) {
      try BytePairTrainer(texts: ["", ""], plan: BytePairTrainer.Plan(vocabularySize: 300))
    }
    var plan = BytePairTrainer.Plan(vocabularySize: 300)
    plan.specials = ["<a>", "<a>"]
    #expect(throws: DataProblem.duplicateToken("<a>", first: 0, second: 1)) {
      try BytePairTrainer(texts: ["a"], plan: plan)
    }
  }

  @Test func theBeginningOfATextEndsWithAPiece() {
    let text = "Il gatto dorme  sul"
    #expect(BytePairTrainer.beginning(of: text, scalars: 8) == "Il gatto")
    #expect(BytePairTrainer.beginning(of: text, scalars: 13) == "Il gatto")
    #expect(BytePairTrainer.beginning(of: text, scalars: 14) == "Il gatto dorme")
    #expect(BytePairTrainer.beginning(of: text, scalars: 99) == text)
    #expect(BytePairTrainer.beginning(of: "perché\u{301} no", scalars: 4) == "perc")
    #expect(BytePairTrainer.beginning(of: "", scalars: 4) == "")
  }
}
