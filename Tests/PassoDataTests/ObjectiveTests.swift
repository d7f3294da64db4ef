// SPDX-License-Identifier: MIT
import PassoData
import PassoText
import Testing

@Suite struct ObjectiveTests {
  @Test func theCausalTargetsAreTheInputsShiftedByOne() throws {
    let example = try CausalObjective(start: 0).example(from: [1, 2, 3, 4, 5])
    #expect(example == Example(inputs: [0, 1, 2, 3, 4], targets: [1, 2, 3, 4, 5]))
  }

  @Test func withoutAStartTheFirstTokenIsOnlyAnInput() throws {
    let example = try CausalObjective(start: nil).example(from: [7, 8, 9])
    #expect(example == Example(inputs: [7, 8], targets: [8, 9]))
  }

  @Test func aSequenceTooShortIsRefused() {
    #expect(throws: DataProblem.tooFewTokens(needed: 1, found: 0)) {
      try CausalObjective(start: 0).example(from: [])
    }
    #expect(throws: DataProblem.tooFewTokens(needed: 2, found: 1)) {
      try CausalObjective(start: nil).example(from: [3])
    }
  }

  @Test func shortRowsAreFilledWithIgnoredTargets() throws {
    let batch = try CausalObjective(start: 9).batch(from: [[1, 2, 3], [4]])
    #expect(batch.inputs == [[9, 1, 2], [9, 9, 9]])
    #expect(batch.targets == [[1, 2, 3], [4, -100, -100]])
    #expect(batch.attention == .causal)
    #expect(batch.rowCount == 2 && batch.length == 3)
  }

  @Test func withoutAStartShortRowsAreFilledWithZero() throws {
    let batch = try CausalObjective(start: nil).batch(from: [[1, 2, 3], [4, 5]])
    #expect(batch.inputs == [[1, 2], [4, 0]])
    #expect(batch.targets == [[2, 3], [5, -100]])
  }

  @Test func aBatchOfNothingIsRefused() {
    #expect(throws: DataProblem.noSequences) { try CausalObjective(start: 0).batch(from: []) }
  }

  @Test(
    arguments: zip(
      [Attention.causal, .bidirectional, .prefix(length: 3), .prefix(length: 9)],
      [[1, 2, 3, 4, 5], [5, 5, 5, 5, 5], [3, 3, 3, 4, 5], [5, 5, 5, 5, 5]]
    )
  )
  func attentionSaysWhatIsVisible(attention: Attention, counts: [Int]) {
    #expect((0..<5).map { attention.visibleCount(from: $0, rowLength: 5) } == counts)
  }

  @Test func thePairsAreTheArticlesTable() throws {
    let text = "Il gatto dorme sul divano"
    let tokenizer = try WordTokenizer(texts: [text])
    let batch = try CausalObjective(start: tokenizer.start).batch(from: [tokenizer.encode(text)])
    let pairs = try batch.pairs(tokenizer)
    #expect(
      pairs.map(\.sentence.it) == [
        "dato <start>, prevedi Il",
        "dato Il, prevedi gatto",
        "dato Il gatto, prevedi dorme",
        "dato Il gatto dorme, prevedi sul",
        "dato Il gatto dorme sul, prevedi divano",
      ]
    )
    #expect(pairs[3].sentence.en == "given Il gatto dorme, predict sul")
    #expect(pairs[3].visible == ["<start>", "Il", "gatto", "dorme"])
    #expect(pairs[3].row == 0 && pairs[3].position == 3 && pairs[3].target == "sul")
  }

  @Test func paddingAsksNothing() throws {
    let tokenizer = try WordTokenizer(texts: ["a b c"])
    let batch = try CausalObjective(start: 0).batch(from: [[1], [1, 2, 3]])
    #expect(try batch.pairs(tokenizer).map(\.row) == [0, 1, 1, 1])
  }

  @Test func pairsOfUnknownIDsAreRefused() throws {
    let tokenizer = try WordTokenizer(texts: ["a"])
    let unknownInput = try CausalObjective(start: 0).batch(from: [[1, 7, 1]])
    #expect(throws: DataProblem.unknownID(7, position: 2, known: 2)) {
      try unknownInput.pairs(tokenizer)
    }
    let unknownTarget = try CausalObjective(start: 0).batch(from: [[1, 8]])
    #expect(throws: DataProblem.unknownID(8, position: 1, known: 2)) {
      try unknownTarget.pairs(tokenizer)
    }
  }

  @Test func theExplanationExistsInBothLanguages() {
    let explanation = CausalObjective(start: 0).explanation
    #expect(explanation.it.contains("spostato di un posto"))
    #expect(explanation.en.contains("shifted by one place"))
    #expect(!explanation.it.contains("\n") && !explanation.en.contains("\n"))
  }
}
