// SPDX-License-Identifier: MIT
import PassoData
import PassoFiles
import PassoTestSupport
import Testing

@Suite struct TokensFileTests {
  private func read(_ json: String) throws(FileProblem) -> TokensFile {
    try TokensFile(
      bytes: Array(json.utf8),
      file: "tokens.json",
      vocabularySize: 6,
      contextLength: 3
    )
  }

  private func expect(
    _ json: String,
    _ problem: FileProblem,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: problem, sourceLocation: sourceLocation) { try read(json) }
  }

  @Test func readsTheReferenceTokens() throws {
    let gatto = try TokensFile(
      path: reference("gatto/tokens.json"),
      vocabularySize: 6,
      contextLength: 8
    )
    #expect(gatto.inputs == [[0, 1, 2, 3, 4]])
    #expect(gatto.targets == [[1, 2, 3, 4, 5]])
    #expect(gatto.attention == .causal)
    let larger = try TokensFile(
      path: reference("gpt2-two-layers/tokens.json"),
      vocabularySize: 50,
      contextLength: 16
    )
    #expect(larger.inputs.count == 3 && larger.inputs[2][5] == 49)
    #expect(larger.targets?[0].prefix(3) == [6, -100, 46])
  }

  @Test func targetsAndAttentionMayBeMissing() throws {
    let file = try read(#"{"inputs": [[1, 2]]}"#)
    #expect(file.targets == nil && file.attention == .causal && file.batch == nil)
    #expect(try read(#"{"inputs": [[1]], "targets": null, "attention": null}"#).targets == nil)
  }

  @Test func aBatchHasTheSameRows() throws {
    let json = #"{"attention": "bidirectional", "inputs": [[1, 2]], "targets": [[-100, 3]]}"#
    let batch = try #require(try read(json).batch)
    #expect(batch.inputs == [[1, 2]] && batch.targets == [[-100, 3]])
    #expect(batch.rows.allSatisfy { $0.prefix == batch.length })
  }

  @Test func idsLieInTheVocabulary() {
    for id in [6, -1, -100, .max, .min] {
      let fault = TokensFault.id(
        list: "inputs",
        row: 1,
        position: 0,
        found: id,
        vocabularySize: 6
      )
      expect("{\"inputs\": [[0], [\(id)]]}", .tokens(fault, file: "tokens.json"))
    }
    let fault = TokensFault.id(list: "targets", row: 0, position: 1, found: 6, vocabularySize: 6)
    expect(#"{"inputs": [[0, 1]], "targets": [[-100, 6]]}"#, .tokens(fault, file: "tokens.json"))
  }

  @Test(arguments: ["1e300", "9223372036854775808", "null", "1.5"])
  func whatIsNoIntegerIsNamedWithItsPath(value: String) {
    expect(
      "{\"inputs\": [[0]],\n \"targets\": [[1, 2], [3, \(value)]]}",
      .json(
        .wrong(path: "targets[1][1]", needed: .integer, found: value, line: 2),
        file: "tokens.json"
      )
    )
  }

  @Test(arguments: ["[]", "[[]]", "[[], []]"])
  func atLeastOneTokenIsNeeded(inputs: String) {
    expect("{\"inputs\": \(inputs)}", .tokens(.noTokens, file: "tokens.json"))
  }

  @Test func rowsAreEquallyLong() {
    expect(
      #"{"inputs": [[1, 2], [3]]}"#,
      .tokens(.rowLength(list: "inputs", row: 1, needed: 2, found: 1), file: "tokens.json")
    )
    expect(
      #"{"inputs": [[1, 2]], "targets": [[3]]}"#,
      .tokens(.rowLength(list: "targets", row: 0, needed: 2, found: 1), file: "tokens.json")
    )
    expect(
      #"{"inputs": [[1]], "targets": []}"#,
      .tokens(.rowCount(needed: 1, found: 0), file: "tokens.json")
    )
    expect(
      #"{"inputs": [[1, 2, 3, 4]]}"#,
      .tokens(.tooLong(length: 4, limit: 3), file: "tokens.json")
    )
  }

  @Test func keysAndWordsAreTheKnownOnes() {
    expect(
      #"{"inputs": [[1]], "target": [[1]]}"#,
      .tokens(.unknownKey("target", closest: "targets"), file: "tokens.json")
    )
    expect(
      #"{"inputs": [[1]], "attention": "prefix"}"#,
      .tokens(.attention(found: "prefix"), file: "tokens.json")
    )
    expect(#"{"targets": [[1]]}"#, .json(.missing(path: "inputs"), file: "tokens.json"))
    expect(
      "{\"inputs\": [[1]],\n\"inputs\": [[2]]}",
      .json(.duplicateKey(path: "inputs", line: 2), file: "tokens.json")
    )
  }
}
