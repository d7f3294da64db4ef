// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// A byte-level tokenizer in the files that are older than `tokenizer.json`: `vocab.json` and
/// `merges.txt`, with the settings beside them.
///
/// What `transformers` makes of such a folder is made here: which pieces a text is cut into follows
/// from the class of the tokenizer, special tokens from `tokenizer_config.json`,
/// `special_tokens_map.json` and `added_tokens.json`.
struct MergesFolder {
  private let folder: String
  private let config: JSONValue
  private let family: Family

  /// The classes of `transformers` that cut in the same way.
  private enum Family {
    case gpt2
    case qwen2
  }

  /// Opens the tokenizer; nil if the folder has not got both files.
  static func open(_ folder: String) throws(FileProblem) -> OpenedTokenizer? {
    let (vocabulary, merges) = ("\(folder)/vocab.json", "\(folder)/merges.txt")
    guard InputFile.exists(vocabulary), InputFile.exists(merges) else { return nil }
    let files = try MergesFolder(folder)
    let tokens = try files.vocabulary(vocabulary)
    let pairs = try Self.merges(merges)
    let added = try files.addedTokens()
    var parts = files.parts(added)
    do throws(TokenizerFault) {
      func tokenizer() throws(TokenizerFault) -> BytePairTokenizer {
        let document = TokenizerDocument(vocabulary: tokens, merges: pairs, parts: parts)
        return try BytePairFile.tokenizer(document).tokenizer
      }
      var opened = try tokenizer()
      if let template = files.template(added, opened.added) {
        parts["post_processor"] = template
        opened = try tokenizer()
      }
      return try TokenizerFile.checked(OpenedTokenizer(tokenizer: opened, notes: []))
    } catch {
      throw .tokenizer(error, file: vocabulary)
    }
  }

  private init(_ folder: String) throws(FileProblem) {
    self.folder = folder
    config = try Self.json("\(folder)/tokenizer_config.json") ?? .object([:])
    let model = try Self.json("\(folder)/config.json")
    let name = config["tokenizer_class"]?.text
    switch name?.replacing("Fast", with: "") {
    case "GPT2Tokenizer", "CodeGenTokenizer", "WhisperTokenizer", "PreTrainedTokenizer",
      "TokenizersBackend":
      family = .gpt2
    case "Qwen2Tokenizer": family = .qwen2
    case nil: family = model?["model_type"]?.text == "qwen2" ? .qwen2 : .gpt2
    case .some:
      throw .tokenizer(
        .unsupported(
          key: "tokenizer_class",
          found: name ?? "",
          known: Bilingual(same: "GPT2Tokenizer, Qwen2Tokenizer")
        ),
        file: "\(folder)/tokenizer_config.json"
      )
    }
  }

  // MARK: Files

  private static func json(_ path: String) throws(FileProblem) -> JSONValue? {
    guard InputFile.exists(path) else { return nil }
    let bytes = try InputFile.read(path: path, limit: 64 << 20)
    return try JSONReader.read(bytes, file: path, needed: .tokenizer) {
      (reader) throws(JSONFault) in try reader.value()
    }
  }

  private func vocabulary(_ path: String) throws(FileProblem) -> [(token: String, id: Int)] {
    let bytes = try InputFile.read(path: path, limit: TokenizerFile.largestFile)
    return try JSONReader.read(bytes, file: path, needed: .tokenizer) {
      (reader) throws(JSONFault) in try reader.vocabulary()
    }
  }

  /// A pair of tokens a line, the most important first.
  private static func merges(
    _ path: String
  ) throws(FileProblem) -> [(left: String, right: String)?] {
    let bytes = try InputFile.read(path: path, limit: TokenizerFile.largestFile)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .json(.notUTF8(line: 1), file: path)
    }
    var merges: [(String, String)?] = []
    for line in text.unicodeScalars.split(separator: "\n") {
      let line = line.last == "\r" ? line.dropLast() : line
      if line.isEmpty || line.starts(with: "#version".unicodeScalars) { continue }
      merges.append(TokenizerDocument.merge(line))
    }
    return merges
  }

  // MARK: Special tokens

  /// The keys under which special tokens have a meaning, in the order of `transformers`.
  private static let meanings = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  /// Those that each family has where no file says otherwise.
  private var usual: [String: String] {
    switch family {
    case .gpt2:
      ["bos_token", "eos_token", "unk_token"].reduce(into: [:]) { $0[$1] = "<|endoftext|>" }
    case .qwen2:
      ["eos_token", "unk_token", "pad_token"].reduce(into: [:]) { $0[$1] = "<|endoftext|>" }
    }
  }

  /// The tokens that are added, as `added_tokens` of a `tokenizer.json`.
  private func addedTokens() throws(FileProblem) -> AddedParts {
    var added = AddedParts()
    if case .object(let known) = config["added_tokens_decoder"] ?? .null {
      for (id, token) in known.sorted(by: { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }) {
        added.add(token, id: Int(id) ?? 0, isSpecial: false)
      }
    }
    let map = try Self.json("\(folder)/special_tokens_map.json") ?? .null
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

  // MARK: As a tokenizer.json

  private func parts(_ added: AddedParts) -> [String: JSONValue] {
    let prefixes = config["add_prefix_space"] == .boolean(true)
    var settings = BytePairSettings(family == .qwen2 ? .qwen2 : .gpt2)
    // Before the pattern of `ByteLevel` itself, but after one in front of it.
    if prefixes { settings.blankPlace = family == .qwen2 ? 1 : 0 }
    var parts: [String: JSONValue] = ["added_tokens": .array(added.list)]
    parts["pre_tokenizer"] = .literal(BytePairPreTokenizer.json(settings))
    parts["decoder"] = .literal(
      BytePairPreTokenizer.byteLevel(prefix: true, trims: true, cuts: true)
    )
    if family == .qwen2 { parts["normalizer"] = .object(["type": .string("NFC")]) }
    return parts
  }
}

extension MergesFolder {
  /// What `add_bos_token` and `add_eos_token` put around a text, as a post-processor.
  private func template(_ parts: AddedParts, _ added: [AddedToken]) -> JSONValue? {
    func piece(_ key: String, _ meaning: String) -> (JSONValue, String, Int)? {
      guard config[key] == .boolean(true), let content = parts.meanings[meaning],
        let token = added.first(where: { $0.bytes == Array(content.utf8) })
      else { return nil }
      let special: JSONValue = .object(["id": .string(content), "type_id": .integer(0)])
      return (.object(["SpecialToken": special]), content, Int(token.id))
    }
    let (before, after) = (piece("add_bos_token", "bos_token"), piece("add_eos_token", "eos_token"))
    guard before != nil || after != nil else { return nil }
    let text: JSONValue = .literal(#"{"Sequence":{"id":"A","type_id":0}}"#)
    var specials: [String: JSONValue] = [:]
    for (_, content, id) in [before, after].compactMap(\.self) {
      specials[content] = .object([
        "id": .string(content), "ids": .array([.integer(id)]),
        "tokens": .array([.string(content)]),
      ])
    }
    return .object([
      "type": .string("TemplateProcessing"), "pair": .array([]),
      "single": .array([before?.0, text, after?.0].compactMap(\.self)),
      "special_tokens": .object(specials),
    ])
  }
}

/// Added tokens as they are collected from several files, each once.
private struct AddedParts {
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
    guard let content = token.text ?? token["content"]?.text, !content.isEmpty else { return }
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
  /// A whole number; nil for anything else.
  fileprivate var whole: Int? {
    if case .integer(let number) = self { number } else { nil }
  }
}
