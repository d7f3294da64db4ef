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

  // Each element is a pair of tokens, or nil if it is none.
  private var merges: [(left: String, right: String)?]?

  /// Reads a whole file.
  init(_ reader: inout JSONReader) throws(JSONFault) {
    var document = TokenizerDocument()
    try reader.object { (key, reader) throws(JSONFault) in
      if key == "model", reader.kind == .object {
        try document.readModel(&reader)
      } else {
        document.parts[key] = try reader.value()
      }
    }
    self = document
  }

  private init() {}

  /// A document of parts that stand in files of their own.
  init(
    vocabulary: [(token: String, id: Int)],
    merges: [(left: String, right: String)?],
    parts: [String: JSONValue]
  ) {
    (self.vocabulary, self.merges, self.parts) = (vocabulary, merges, parts)
  }

  /// Adds tokens to those of the file.
  mutating func add(_ tokens: [JSONValue]) {
    parts["added_tokens"] = .array(addedTokens + tokens)
  }

  /// The added tokens of the file, whatever they are.
  var addedTokens: [JSONValue] {
    if case .array(let tokens)? = parts["added_tokens"] { tokens } else { [] }
  }

  private mutating func readModel(_ reader: inout JSONReader) throws(JSONFault) {
    var document = self
    try reader.object { (key, reader) throws(JSONFault) in
      switch (key, reader.kind) {
      case ("vocab", .object):
        document.vocabulary = try reader.vocabulary()
      case ("merges", .array):
        document.merges = try Self.merges(&reader)
      default: document.model[key] = try reader.value()
      }
    }
    self = document
  }

  /// All `"a b"`, as in older files, or all `["a", "b"]`.
  private static func merges(
    _ reader: inout JSONReader
  ) throws(JSONFault) -> [(left: String, right: String)?] {
    var merges: [(String, String)?] = []
    var areTexts: Bool?
    try reader.array { (_, reader) throws(JSONFault) in
      let isText = areTexts ?? (reader.kind != .array)
      areTexts = isText
      guard isText else {
        let tokens = try reader.strings()
        return merges.append(tokens.count == 2 ? (tokens[0], tokens[1]) : nil)
      }
      // By scalar: a blank before a combining accent is one character with it.
      let text = try reader.string()
      // The line that begins a merges.txt.
      if text.utf8.starts(with: "#version".utf8) { return }
      merges.append(merge(text.unicodeScalars[...]))
    }
    return merges
  }

  /// The two tokens of `a b`; nil for anything else.
  static func merge(_ line: Substring.UnicodeScalarView) -> (left: String, right: String)? {
    let tokens = line.split(separator: " ", omittingEmptySubsequences: false)
    return tokens.count == 2 ? (String(tokens[0]), String(tokens[1])) : nil
  }

  /// The tokens of the model by id: each from 0 up has one.
  func tokens() throws(TokenizerFault) -> [String] {
    try tokens(mostGaps: 0).compactMap(\.self)
  }

  /// The tokens of the model by id; nil where an id between others is that of none.
  func tokensWithGaps() throws(TokenizerFault) -> [String?] {
    try tokens(mostGaps: max(1 << 12, vocabulary?.count ?? 0))
  }

  private func tokens(mostGaps: Int) throws(TokenizerFault) -> [String?] {
    guard let vocabulary else { throw try absent("vocab", .object) }
    let count = vocabulary.count
    let last = vocabulary.reduce(-1) { max($0, $1.id) }
    // Further up nobody's ids lie, and an honest file does not ask for the memory.
    let room = last < count + mostGaps ? max(count, last + 1) : count
    var tokens: [String?] = Array(repeating: nil, count: room)
    for (token, id) in vocabulary {
      guard tokens.indices.contains(id), tokens[id] == nil else {
        throw .id(token: token, count: room)
      }
      tokens[id] = token
    }
    return tokens
  }

  /// How many tokens the model has.
  var tokenCount: Int { vocabulary?.count ?? 0 }

  /// The merges by rank; nil for what is not two tokens.
  func listedMerges() throws(TokenizerFault) -> [(left: String, right: String)?] {
    guard let merges else { throw try absent("merges", .array) }
    return merges
  }

  /// Why a list of the model was not read.
  private func absent(_ key: String, _ needed: JSONKind) throws(TokenizerFault) -> TokenizerFault {
    if let model = parts["model"] {
      throw TokenizerPart(value: model, path: "model").wrong(.object)
    }
    guard model[key] != nil else { return .missing(key: "model.\(key)") }
    return setting(key).wrong(needed)
  }

  /// Whether it is a home-made list of words with their ids: `{"il": 0, "gatto": 1}`.
  var isWordList: Bool {
    !parts.isEmpty && model.isEmpty && vocabulary == nil
      && parts.values.allSatisfy { if case .integer = $0 { true } else { false } }
  }

  /// What the model is; the files of GPT-2 and RoBERTa are older than the key.
  func modelType() throws(TokenizerFault) -> String {
    if model["type"] != nil { return try setting("type").text() }
    guard merges == nil else { return "BPE" }
    throw try absent("type", .string)
  }

  // MARK: Questions about small parts

  /// A member of the root; null if it is missing.
  func part(_ key: String) -> TokenizerPart {
    TokenizerPart(value: parts[key] ?? .null, path: key)
  }

  /// A member of the model; null if it is missing.
  func setting(_ key: String) -> TokenizerPart {
    TokenizerPart(value: model[key] ?? .null, path: "model.\(key)")
  }

  /// A member of the model that is true, or false where it is missing.
  func flag(_ key: String) throws(TokenizerFault) -> Bool {
    setting(key).isNone ? false : try setting(key).flag()
  }

  /// Checks that a member of the root does nothing.
  func expectNone(_ key: String) throws(TokenizerFault) {
    if !part(key).isNone { throw part(key).unsupported(Bilingual(same: "null")) }
  }

  /// What the file does to the length of texts, which concerns no ids of a whole one.
  func lengthNotes() throws(TokenizerFault) -> [TokenizerNote] {
    var notes: [TokenizerNote] = []
    let truncation = part("truncation")
    if !truncation.isNone {
      notes.append(.truncation(limit: try truncation.optional("max_length")?.integer()))
    }
    if !part("padding").isNone {
      _ = try part("padding").optional("strategy")
      notes.append(.padding)
    }
    return notes
  }

  /// The share of merges that `tokenizers` leaves out by chance, if it does.
  func dropoutNotes() throws(TokenizerFault) -> [TokenizerNote] {
    let dropout = setting("dropout")
    if dropout.isNone { return [] }
    let rate = try dropout.double()
    guard (0...1).contains(rate) else {
      throw dropout.unsupported(Bilingual(it: "numeri da 0 a 1", en: "numbers from 0 to 1"))
    }
    return rate > 0 ? [.dropout(rate)] : []
  }

  /// Checks that the file is written as `tokenizers` has always done.
  func expectVersion() throws(TokenizerFault) {
    guard parts["version"] != nil else { return }
    guard try part("version").text() == "1.0" else {
      throw part("version").unsupported(Bilingual(same: "1.0"))
    }
  }
}

extension JSONReader {
  /// Reads an object of tokens with their ids, in its order.
  mutating func vocabulary() throws(JSONFault) -> [(token: String, id: Int)] {
    var tokens: [(token: String, id: Int)] = []
    try object { (token, reader) throws(JSONFault) in
      tokens.append((token, try reader.integer()))
    }
    return tokens
  }
}
