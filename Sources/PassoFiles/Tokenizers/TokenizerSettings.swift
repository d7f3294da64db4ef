// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// What the small files of a folder say of a tokenizer that is older than `tokenizer.json`:
/// `tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json`.
struct TokenizerSettings {
  private let folder: String
  let config: JSONValue
  private let map: JSONValue

  /// Reads the files of a folder, of which none need be there.
  init(folder: String) throws(FileProblem) {
    self.folder = folder
    config = try Self.json("\(folder)/\(Self.configName)") ?? .object([:])
    map = try Self.json("\(folder)/\(Self.mapName)") ?? .object([:])
  }

  /// What was read of a folder already, as far as it has the files.
  init(config: JSONValue?, map: JSONValue?) {
    (folder, self.config, self.map) = ("", config ?? .object([:]), map ?? .object([:]))
  }

  /// The names of its files.
  static let (configName, mapName) = ("tokenizer_config.json", "special_tokens_map.json")

  /// The first of the files, for problems.
  var file: String { "\(folder)/\(Self.configName)" }

  /// The `model_type` of the model beside it.
  func modelType() throws(FileProblem) -> String? {
    try Self.json("\(folder)/config.json")?["model_type"]?.text
  }

  /// The value of a file; nil if there is none.
  static func json(_ path: String) throws(FileProblem) -> JSONValue? {
    guard InputFile.exists(path) else { return nil }
    let bytes = try InputFile.read(path: path, limit: 64 << 20)
    return try JSONReader.read(bytes, file: path, needed: .tokenizer) {
      (reader) throws(JSONFault) in try reader.value()
    }
  }

  /// The class in `transformers`; of the quick ones too.
  var className: String? { config["tokenizer_class"]?.text?.replacing("Fast", with: "") }

  /// Why a folder with another class is not read.
  func unknownClass(_ known: String) -> FileProblem {
    .tokenizer(
      .unsupported(
        key: "tokenizer_class",
        found: config["tokenizer_class"]?.text ?? "",
        known: Bilingual(same: known)
      ),
      file: file
    )
  }

  // MARK: Special tokens

  /// The keys under which special tokens have a meaning, in the order of `transformers`.
  private static let meanings = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  /// How the token of a meaning is spelled, if a file says so: the configuration comes first.
  func token(_ meaning: String) -> String? {
    [config[meaning], map[meaning]].lazy.compactMap(\.self).compactMap(\.tokenText).first
  }

  /// How the tokens of all meanings that the files speak of are spelled.
  var tokens: [String: String] {
    var tokens: [String: String] = [:]
    for meaning in Self.meanings { tokens[meaning] = token(meaning) }
    return tokens
  }

  /// The tokens that are added, as `added_tokens` of a `tokenizer.json`.
  ///
  /// - Parameter usual: Those that the class has where no file says otherwise, by their meaning.
  /// - Returns: Each token once.
  /// - Throws: `FileProblem` if a file is no JSON.
  func addedTokens(usual: [String: String]) throws(FileProblem) -> AddedParts {
    var added = AddedParts()
    if case .object(let known) = config["added_tokens_decoder"] ?? .null {
      for (id, token) in known.sorted(by: { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }) {
        added.add(token, id: Int(id) ?? 0, isSpecial: false)
      }
    }
    for key in Self.meanings {
      let token = [config[key], map[key]].lazy.compactMap(\.self).first
      added.add(token ?? usual[key].map(JSONValue.string) ?? .null, meaning: key, isSpecial: true)
    }
    for list in [config["additional_special_tokens"], map["additional_special_tokens"]] {
      guard case .array(let tokens) = list else { continue }
      for token in tokens { added.add(token, isSpecial: true) }
    }
    if case .object(let ids) = try Self.json("\(folder)/added_tokens.json") ?? .null {
      let sorted = ids.sorted { ($0.value.whole ?? 0, $0.key) < ($1.value.whole ?? 0, $1.key) }
      for (token, id) in sorted { added.add(.string(token), id: id.whole ?? 0, isSpecial: false) }
    }
    return added
  }

  /// A post-processor that puts a token before a text, and one after it; nil without both.
  static func template(
    before: (token: String, id: TokenID)?,
    after: (token: String, id: TokenID)?
  ) -> JSONValue? {
    guard before != nil || after != nil else { return nil }
    func piece(_ token: String) -> JSONValue {
      .object(["SpecialToken": .object(["id": .string(token), "type_id": .integer(0)])])
    }
    let text: JSONValue = .literal(#"{"Sequence":{"id":"A","type_id":0}}"#)
    var specials: [String: JSONValue] = [:]
    for (token, id) in [before, after].compactMap(\.self) {
      specials[token] = .object([
        "id": .string(token), "ids": .array([.integer(Int(id))]),
        "tokens": .array([.string(token)]),
      ])
    }
    let parts = [before.map { piece($0.token) }, text, after.map { piece($0.token) }]
    return .object([
      "type": .string("TemplateProcessing"), "pair": .array([]),
      "single": .array(parts.compactMap(\.self)), "special_tokens": .object(specials),
    ])
  }
}

/// Added tokens as they are collected from several files, each once.
struct AddedParts {
  private(set) var list: [JSONValue] = []
  private(set) var meanings: [String: String] = [:]
  private var seen: [[UInt8]: Int] = [:]

  /// Adds a token: its text, or an object with its flags.
  mutating func add(
    _ token: JSONValue,
    id: Int = 0,
    meaning: String? = nil,
    isSpecial: Bool
  ) {
    guard let content = token.tokenText, !content.isEmpty else { return }
    if let meaning { meanings[meaning] = content }
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
    list.append(
      .object([
        "id": .integer(id), "content": .string(content), "special": .boolean(special),
        "single_word": .boolean(flag("single_word")), "lstrip": .boolean(flag("lstrip")),
        "rstrip": .boolean(flag("rstrip")),
        "normalized": token["normalized"] ?? .boolean(!special),
      ])
    )
  }
}

extension JSONValue {
  /// The text of a token, which stands alone or as `content` beside its flags.
  var tokenText: String? { text ?? self["content"]?.text }

  /// A whole number; nil for anything else.
  fileprivate var whole: Int? {
    if case .integer(let number) = self { number } else { nil }
  }
}
