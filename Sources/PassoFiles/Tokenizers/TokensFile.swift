// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime
import PassoText

/// Tokens that someone prepared for a model, in a JSON file.
///
///     {"inputs": [[0, 1, 2]], "targets": [[1, 2, -100]], "attention": "causal"}
///
/// `targets` and `attention` may be missing.
package struct TokensFile: Hashable, Sendable {
  /// More than any batch that a model takes at once.
  static let largestFile = 256 << 20

  /// Token ids, [row][position]; all rows equally long.
  package let inputs: [[TokenID]]

  /// The id expected at each position or `ignoredTarget`, if the file says it.
  package let targets: [[TokenID]]?

  /// What a position may look at.
  package enum Attention: Hashable, Sendable {
    /// Itself and those before it.
    case causal

    /// All of them.
    case bidirectional
  }

  /// What a position may look at.
  package let attention: Attention

  /// The inputs and targets as a batch, if there are targets.
  package var batch: Batch? {
    guard let targets else { return nil }
    let examples = zip(inputs, targets).map {
      Example(inputs: $0, targets: $1, prefix: attention == .causal ? 0 : $0.count)
    }
    return Batch(examples: examples, padding: 0)
  }

  /// Reads a file and checks it against the model that it is for.
  package init(path: String, vocabularySize: Int, contextLength: Int) throws(FileProblem) {
    let bytes = try InputFile.read(path: path, limit: Self.largestFile)
    try self.init(
      bytes: bytes,
      file: path,
      vocabularySize: vocabularySize,
      contextLength: contextLength
    )
  }

  /// No model has more tokens or positions.
  private static let largestSize = 1 << 24

  /// The largest id in a file, for a model that is made to fit.
  package static func largestToken(path: String) throws(FileProblem) -> Int {
    let file = try TokensFile(
      path: path,
      vocabularySize: Self.largestSize,
      contextLength: Self.largestSize
    )
    let ids = file.inputs.joined().max() ?? 0
    return Int(max(ids, file.targets?.joined().max() ?? 0))
  }

  /// Checks bytes that were read already; `file` is named in problems.
  package init(
    bytes: [UInt8],
    file: String,
    vocabularySize: Int,
    contextLength: Int
  ) throws(FileProblem) {
    let lists = try JSONReader.read(bytes, file: file) { (reader) throws(JSONFault) in
      try TokenLists(&reader)
    }
    do throws(TokensFault) {
      attention = try lists.checkedAttention()
      inputs = try lists.checkedInputs(vocabularySize, contextLength)
      targets = try lists.checkedTargets(vocabularySize)
    } catch {
      throw .tokens(error, file: file)
    }
  }
}

/// The lists of a tokens file as they are written, before anything is believed.
private struct TokenLists {
  private static let keys = ["inputs", "targets", "attention"]

  private let inputs: [[Int]]
  private let targets: [[Int]]?
  private let attention: String?
  private let unknownKey: String?

  init(_ reader: inout JSONReader) throws(JSONFault) {
    var lists: [String: [[Int]]] = [:]
    var attention: String?
    var unknownKey: String?
    try reader.object { (key, reader) throws(JSONFault) in
      switch key {
      case "inputs": lists[key] = try reader.rows()
      case "targets": lists[key] = try reader.null() ? nil : reader.rows()
      case "attention": attention = try reader.null() ? nil : reader.string()
      default:
        unknownKey = unknownKey ?? key
        try reader.skip()
      }
    }
    // What follows the object is said before what it lacks.
    try reader.end()
    guard let inputs = lists["inputs"] else { throw .missing(path: "inputs") }
    self.inputs = inputs
    targets = lists["targets"]
    self.attention = attention
    self.unknownKey = unknownKey
  }

  func checkedAttention() throws(TokensFault) -> TokensFile.Attention {
    if let unknownKey {
      let closest = Suggestion.closest(to: String(unknownKey.prefix(40)), among: Self.keys)
      throw .unknownKey(unknownKey, closest: closest)
    }
    switch attention {
    case nil, "causal": return .causal
    case "bidirectional": return .bidirectional
    case let found?: throw .attention(found: found)
    }
  }

  func checkedInputs(
    _ vocabularySize: Int,
    _ contextLength: Int
  ) throws(TokensFault) -> [[TokenID]] {
    guard let length = inputs.first?.count, length > 0 else { throw .noTokens }
    guard length <= contextLength else {
      throw .tooLong(length: length, limit: contextLength)
    }
    return try checked(inputs, "inputs", vocabularySize)
  }

  func checkedTargets(_ vocabularySize: Int) throws(TokensFault) -> [[TokenID]]? {
    guard let targets else { return nil }
    guard targets.count == inputs.count else {
      throw .rowCount(needed: inputs.count, found: targets.count)
    }
    return try checked(targets, "targets", vocabularySize, or: Int(ignoredTarget))
  }

  private func checked(
    _ rows: [[Int]],
    _ list: String,
    _ vocabularySize: Int,
    or ignored: Int? = nil
  ) throws(TokensFault) -> [[TokenID]] {
    var checked: [[TokenID]] = []
    for (row, ids) in rows.enumerated() {
      guard ids.count == inputs[0].count else {
        throw .rowLength(list: list, row: row, needed: inputs[0].count, found: ids.count)
      }
      var tokens: [TokenID] = []
      for (position, id) in ids.enumerated() {
        guard let token = TokenID(exactly: id), 0..<vocabularySize ~= id || id == ignored else {
          throw .id(
            list: list,
            row: row,
            position: position,
            found: id,
            vocabularySize: vocabularySize
          )
        }
        tokens.append(token)
      }
      checked.append(tokens)
    }
    return checked
  }
}

extension JSONReader {
  /// Reads a list of lists of whole numbers.
  fileprivate mutating func rows() throws(JSONFault) -> [[Int]] {
    try list { (reader) throws(JSONFault) in try reader.integers() }
  }
}
