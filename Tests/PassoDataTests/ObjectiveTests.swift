// SPDX-License-Identifier: MIT
import PassoData
import PassoText
import Testing

/// Rows of the causal objective: nothing in it is left to chance.
private func causalBatch(_ start: TokenID?, _ texts: [[TokenID]]) throws -> Batch {
  var random = SystemRandomNumberGenerator()
  return try CausalObjective(opening: start.map { [$0] } ?? []).batch(from: texts, using: &random)
}

@Suite struct ObjectiveTests {
  @Test func theCausalTargetsAreTheInputsShiftedByOne() throws {
    let example = try CausalObjective(opening: [0]).example(from: [1, 2, 3, 4, 5])
    #expect(example == Example(inputs: [0, 1, 2, 3, 4], targets: [1, 2, 3, 4, 5]))
  }

  @Test func withoutAStartTheFirstTokenIsOnlyAnInput() throws {
    let example = try CausalObjective(opening: []).example(from: [7, 8, 9])
    #expect(example == Example(inputs: [7, 8], targets: [8, 9]))
  }

  @Test func aSequenceTooShortIsRefused() {
    #expect(throws: DataProblem.tooFewTokens(needed: 1, found: 0)) {
      try CausalObjective(opening: [0]).example(from: [])
    }
    #expect(throws: DataProblem.tooFewTokens(needed: 2, found: 1)) {
      try CausalObjective(opening: []).example(from: [3])
    }
  }

  @Test func shortRowsAreFilledWithIgnoredTargets() throws {
    let batch = try causalBatch(9, [[1, 2, 3], [4]])
    #expect(batch.inputs == [[9, 1, 2], [9, 9, 9]])
    #expect(batch.targets == [[1, 2, 3], [4, -100, -100]])
    #expect(batch.rows.allSatisfy { $0.prefix == 0 })
    #expect(batch.rowCount == 2 && batch.length == 3)
  }

  @Test func withoutAStartShortRowsAreFilledWithZero() throws {
    let batch = try causalBatch(nil, [[1, 2, 3], [4, 5]])
    #expect(batch.inputs == [[1, 2], [4, 0]])
    #expect(batch.targets == [[2, 3], [5, -100]])
  }

  @Test func aBatchOfNothingIsRefused() {
    #expect(throws: DataProblem.noSequences) { try causalBatch(0, []) }
  }

  @Test(
    arguments: zip(
      [0, 5, 3, 1],
      [[1, 2, 3, 4, 5], [5, 5, 5, 5, 5], [3, 3, 3, 4, 5], [1, 2, 3, 4, 5]]
    )
  )
  func thePrefixSaysWhatIsVisible(prefix: Int, counts: [Int]) {
    let row: [TokenID] = [1, 2, 3, 4, 5]
    let example = Example(inputs: row, targets: row, prefix: prefix)
    #expect((0..<5).map { example.visibleCount(from: $0) } == counts)
  }

  @Test func thePairsAreTheArticlesTable() throws {
    let text = "Il gatto dorme sul divano"
    let tokenizer = try WordTokenizer(texts: [text])
    let batch = try causalBatch(tokenizer.start, [tokenizer.encode(text)])
    let pairs = try batch.pairs(tokenizer)
    #expect(
      pairs.map { ($0.visible + ["→", $0.target]).joined(separator: " ") } == [
        "<start> → Il",
        "<start> Il → gatto",
        "<start> Il gatto → dorme",
        "<start> Il gatto dorme → sul",
        "<start> Il gatto dorme sul → divano",
      ]
    )
    #expect(pairs[3].visible == ["<start>", "Il", "gatto", "dorme"])
    #expect(pairs[3].row == 0 && pairs[3].position == 3 && pairs[3].target == "sul")
  }

  @Test func paddingAsksNothing() throws {
    let tokenizer = try WordTokenizer(texts: ["a b c"])
    let batch = try causalBatch(0, [[1], [1, 2, 3]])
    #expect(try batch.pairs(tokenizer).map(\.row) == [0, 1, 1, 1])
  }

  @Test func pairsOfUnknownIDsAreRefused() throws {
    let tokenizer = try WordTokenizer(texts: ["a"])
    let unknownInput = try causalBatch(0, [[1, 7, 1]])
    #expect(throws: DataProblem.unknownID(7, position: 2, known: 2)) {
      try unknownInput.pairs(tokenizer)
    }
    let unknownTarget = try causalBatch(0, [[1, 8]])
    #expect(throws: DataProblem.unknownID(8, position: 1, known: 2)) {
      try unknownTarget.pairs(tokenizer)
    }
  }

  @Test func theExplanationExistsInBothLanguages() {
    let explanation = CausalObjective.explanation
    #expect(explanation.it.contains("spostato di un posto"))
    #expect(explanation.en.contains("shifted by one place"))
    #expect(!explanation.it.contains("\n") && !explanation.en.contains("\n"))
  }
}
