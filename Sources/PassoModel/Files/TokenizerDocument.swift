// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The parts of a `tokenizer.json`; the large ones are lists, in the order of the file.
struct TokenizerDocument {
  /// The members of the root, but for the model.
  private(set) var parts: [String: JSONValue] = [:]

  /// The members of the model, but for the lists.
  private(set) var model: [String: JSONValue] = [:]

  private var vocabulary: [(token: String, id: Int)]?

  /// Each element is a pair of tokens, or nil if it is none.
  private(set) var merges: [(left: String, right: String)?]?

  /// Reads a whole text.
  init(_ bytes: [UInt8]) throws(JSONFault) {
    var reader = JSONReader(bytes)
    var document = TokenizerDocument()
    try reader.object { (key, reader) throws(JSONFault) in
      if key == "model", reader.kind == .object {
        try document.readModel(&reader)
      } else {
        document.parts[key] = try reader.value()
      }
    }
    try reader.end()
    self = document
  }

  private init() {}

  private mutating func readModel(_ reader: inout JSONReader) throws(JSONFault) {
    var document = self
    try reader.object { (key, reader) throws(JSONFault) in
      switch (key, reader.kind) {
      case ("vocab", .object):
        var tokens: [(String, Int)] = []
        try reader.object { (token, reader) throws(JSONFault) in
          tokens.append((token, try reader.integer()))
        }
        document.vocabulary = tokens
      case ("merges", .array):
        var merges: [(String, String)?] = []
        try reader.array { (_, reader) throws(JSONFault) in
          merges.append(try Self.merge(&reader))
        }
        document.merges = merges
      default: document.model[key] = try reader.value()
      }
    }
    self = document
  }

  /// `"a b"` or `["a", "b"]`.
  private static func merge(_ reader: inout JSONReader) throws(JSONFault) -> (String, String)? {
    if reader.kind == .array {
      var tokens: [String] = []
      try reader.array { (_, reader) throws(JSONFault) in tokens.append(try reader.string()) }
      return tokens.count == 2 ? (tokens[0], tokens[1]) : nil
    }
    // By scalar: a blank before a combining accent is one character with it.
    let scalars = try reader.string().unicodeScalars
    let tokens = scalars.split(separator: " ", omittingEmptySubsequences: false)
    return tokens.count == 2 ? (String(tokens[0]), String(tokens[1])) : nil
  }

  /// The tokens of the model by id: each from 0 up has one.
  func tokens() throws(TokenizerFault) -> [String] {
    guard let vocabulary else { throw .missing(key: "model.vocab") }
    var tokens: [String?] = Array(repeating: nil, count: vocabulary.count)
    for (token, id) in vocabulary {
      guard tokens.indices.contains(id), tokens[id] == nil else {
        throw .id(token: token, count: vocabulary.count)
      }
      tokens[id] = token
    }
    return tokens.compactMap(\.self)
  }

  // MARK: Questions about small parts

  /// A member of the root; null if it is missing.
  func part(_ key: String) -> JSONValue { parts[key] ?? .null }

  /// A member of the model; null if it is missing.
  func setting(_ key: String) -> JSONValue { model[key] ?? .null }

  /// A member of the model that is true, or false where it is missing.
  func flag(_ key: String) throws(TokenizerFault) -> Bool {
    switch setting(key) {
    case .null: return false
    case .boolean(let flag): return flag
    case let found: throw .unsupported("model.\(key)", found, Bilingual(same: "true, false"))
    }
  }

  /// Checks that a member of the root does nothing.
  func expectNone(_ key: String) throws(TokenizerFault) {
    if part(key) != .null { throw .unsupported(key, part(key), Bilingual(same: "null")) }
  }
}

extension TokenizerFault {
  /// A part that does what Passo does not do.
  static func unsupported(_ key: String, _ found: JSONValue, _ known: Bilingual) -> Self {
    .unsupported(
      key: key,
      found: found["type"]?.text ?? found.text ?? JSONText.value(found),
      known: known
    )
  }
}
