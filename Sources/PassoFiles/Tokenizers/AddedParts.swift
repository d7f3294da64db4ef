// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// What the class of a tokenizer has where no file says otherwise.
struct UsualTokens {
  /// By their meaning, as `bos_token`.
  var named: [String: String] = [:]

  /// Those with a meaning of the class's own, in its order.
  var others: [String] = []
}

extension TokenizerSettings {
  /// The keys under which special tokens have a meaning, in the order of `transformers`.
  static let meanings = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  /// The tokens that are added, as `added_tokens` of a `tokenizer.json`, in the order in which
  /// `transformers` 5 adds them: those that a file lists with their ids, those with a meaning, the
  /// rest.
  ///
  /// - Parameters:
  ///   - usual: Those of the class.
  ///   - listed: Those of a `tokenizer.json` beside the settings.
  /// - Returns: Each token once.
  /// - Throws: `FileProblem` if a file is no JSON.
  func addedTokens(
    usual: UsualTokens = UsualTokens(),
    listed: [JSONValue] = []
  ) throws(FileProblem) -> AddedParts {
    var added = AddedParts()
    let decoder = config["added_tokens_decoder"]
    // With a list of its own the older files do not count, and they come first without one.
    let maps = decoder == nil ? [map, config] : [config]
    if case .object(let known)? = decoder {
      for (id, token) in known.sorted(by: { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }) {
        added.add(token, id: Int(id), isSpecial: false)
      }
      added.leave(listed)
    } else {
      for token in listed { added.add(token, id: token["id"]?.whole, isSpecial: false) }
      try addOlderList(&added)
    }
    for key in Self.meanings {
      let token = maps.lazy.compactMap { $0[key] }.first
      let usual = usual.named[key].map(JSONValue.string)
      added.add(token ?? usual ?? .null, meaning: key, isSpecial: true)
    }
    for token in usual.others { added.add(.string(token), isSpecial: true) }
    for token in meaningsOfItsOwn(maps) { added.add(token, isSpecial: true) }
    for token in extraTokens(maps) where !added.has(token) {
      added.add(token, isSpecial: token.text != nil)
    }
    return added
  }

  /// Those of `added_tokens.json`, which come before the others but are special only if they are
  /// among them.
  private func addOlderList(_ added: inout AddedParts) throws(FileProblem) {
    guard case .object(let ids)? = try Self.json("\(folder)/added_tokens.json") else { return }
    let specials = Set(extraTokens([map, config]).compactMap(\.spelling).map { Array($0.utf8) })
    let sorted = ids.sorted { ($0.value.whole ?? 0, $0.key) < ($1.value.whole ?? 0, $1.key) }
    for (token, id) in sorted {
      let isNamed = Self.meanings.contains { key in
        [map, config].lazy.compactMap { $0[key] }.first?.spelling == token
      }
      let isSpecial = isNamed || specials.contains(Array(token.utf8))
      added.add(.string(token), id: id.whole, isSpecial: isSpecial)
    }
  }

  /// As `image_token`: keys that other programs know, and the members of `extra_special_tokens`.
  private func meaningsOfItsOwn(_ maps: [JSONValue]) -> [JSONValue] {
    var tokens: [JSONValue] = []
    for case .object(let members) in maps.reversed() {
      for (key, token) in members.sorted(by: { $0.key < $1.key })
      where key.hasSuffix("_token") && !Self.meanings.contains(key) && token.spelling != nil {
        tokens.append(token)
      }
      if case .object(let named)? = members["extra_special_tokens"] {
        tokens += named.sorted { $0.key < $1.key }.map(\.value)
      }
    }
    return tokens
  }

  /// Special tokens without a meaning, under the newer name of their list or the older one.
  private func extraTokens(_ maps: [JSONValue]) -> [JSONValue] {
    func list(_ value: JSONValue?) -> [JSONValue] {
      if case .array(let tokens)? = value { tokens } else { [] }
    }
    let newer = maps.reversed().flatMap { list($0["extra_special_tokens"]) }
    let older = list(config["additional_special_tokens"])
    if !newer.isEmpty { return newer }
    // Those of the settings take the newer name, under which the map's do not count.
    if !older.isEmpty { return older }
    return maps.lazy.map { list($0["additional_special_tokens"]) }.first { !$0.isEmpty } ?? []
  }
}

/// Added tokens as they are collected from several files, each once.
struct AddedParts {
  private(set) var list: [JSONValue] = []
  private(set) var meanings: [String: String] = [:]
  private var seen: [[UInt8]: Int] = [:]

  /// Those of which no file says an id.
  private var unnumbered: Set<String> = []

  /// Those that stand elsewhere.
  private var elsewhere: Set<[UInt8]> = []

  /// Leaves out from now on what stands in a `tokenizer.json` and not here.
  mutating func leave(_ listed: [JSONValue]) {
    elsewhere = Set(listed.map { Array(($0.spelling ?? "").utf8) }).subtracting(seen.keys)
  }

  /// Adds a token: its text, or an object with its flags.
  mutating func add(
    _ token: JSONValue,
    id: Int? = nil,
    meaning: String? = nil,
    isSpecial: Bool
  ) {
    guard let content = token.spelling, !content.isEmpty else { return }
    if let meaning { meanings[meaning] = content }
    if elsewhere.contains(Array(content.utf8)) { return }
    func flag(_ key: String) -> Bool { token[key] == .boolean(true) }
    let special = isSpecial || flag("special")
    if let place = seen[Array(content.utf8)] {
      // A token that has a meaning is special, whatever the list says.
      guard special, case .object(var members) = list[place] else { return }
      members["special"] = .boolean(true)
      list[place] = .object(members)
      return
    }
    seen[Array(content.utf8)] = list.count
    if id == nil { unnumbered.insert(content) }
    list.append(
      .object([
        "id": .integer(id ?? 0), "content": .string(content), "special": .boolean(special),
        "single_word": .boolean(flag("single_word")), "lstrip": .boolean(flag("lstrip")),
        "rstrip": .boolean(flag("rstrip")),
        "normalized": token["normalized"] ?? .boolean(!special),
      ])
    )
  }

  /// Whether a token is among them.
  func has(_ token: JSONValue) -> Bool {
    token.spelling.map { seen[Array($0.utf8)] != nil } ?? false
  }

  /// Whether no file says the id of one of these tokens.
  func isUnnumbered(_ token: JSONValue) -> Bool { unnumbered.contains(token.spelling ?? "") }

  /// Leaves out what is said of tokens whose numbers no file says.
  func relevant(_ notes: [TokenizerNote]) -> [TokenizerNote] {
    notes.compactMap { note in
      guard case .renumbered(let tokens) = note else { return note }
      return tokens.without(unnumbered).map(TokenizerNote.renumbered)
    }
  }

  /// The tokens with the ids that they get beside those of a model, which has `count` of them.
  func numbered(
    in vocabulary: ByteTable,
    count: Int
  ) throws(TokenizerFault) -> (tokens: [AddedToken], notes: [TokenizerNote]) {
    let document = TokenizerDocument(
      vocabulary: [],
      merges: [],
      parts: ["added_tokens": .array(list)]
    )
    let numbered = try AddedTokenList(document, vocabulary, count: count)
    return (numbered.tokens, relevant(numbered.notes))
  }

  // MARK: Beside a tokenizer.json

  /// Keeps what a `tokenizer.json` with some tokens has not got yet, or has otherwise.
  mutating func remove(_ listed: [JSONValue]) {
    var known: [[UInt8]: JSONValue] = [:]
    for token in listed { known[Array((token.spelling ?? "").utf8)] = token }
    list = list.compactMap { token in
      guard let other = known[Array((token.spelling ?? "").utf8)] else { return token }
      let flags = ["special", "single_word", "lstrip", "rstrip", "normalized"]
      let isSame = flags.allSatisfy { token[$0] == other[$0] }
      guard !isSame, case .object(var members) = token else { return nil }
      members["id"] = other["id"]
      return .object(members)
    }
  }

  /// A `tokenizer.json` with these tokens after its own.
  func written(after listed: [JSONValue], in file: [UInt8]) -> [UInt8] {
    let tokens = Array(JSONText.value(.array(listed + list)).utf8)
    var (reader, place): (JSONReader, Range<Int>?) = (JSONReader(file), nil)
    let start = file.firstIndex(of: UInt8(ascii: "{")).map { $0 + 1 } ?? 0
    try? reader.object { (key, reader) throws(JSONFault) in
      let start = reader.place
      try reader.skip()
      if key == "added_tokens" { place = start..<reader.place }
    }
    if let place { return file[..<place.lowerBound] + tokens + file[place.upperBound...] }
    return file[..<start] + Array(#""added_tokens":"#.utf8) + tokens + [UInt8(ascii: ",")]
      + file[start...]
  }
}

extension JSONValue {
  /// A whole number; nil for anything else.
  var whole: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// How a token is spelled that is a text, or an object with it; nil for anything else.
  var spelling: String? { text ?? self["content"]?.text }
}
