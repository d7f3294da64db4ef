// SPDX-License-Identifier: MIT
import PassoData

/// The small files of a model folder beside `config.json` and the weights: tokenizer, special
/// tokens, chat template, how to generate.
///
/// What Passo has no use for is of use to others: a model is saved with them again as they
/// were, to the last byte.
package struct CompanionFiles: Hashable, Sendable {
  /// The contents by name.
  package private(set) var files: [String: [UInt8]] = [:]

  /// Settings that are there under their name and cannot be read, as folders and links to nothing.
  private var unread: [String] = []

  /// Of no folder.
  package init() {}

  /// Reads those that a folder has; one that cannot be read is left where it is.
  package init(folder: String) {
    for name in PrivateFolder.names(in: folder) where Self.isOne(name) {
      let path = "\(folder)/\(name)"
      if let bytes = try? InputFile.read(path: path, limit: TokenizerFile.largestFile) {
        files[name] = bytes
      } else if Self.settings.contains(name) {
        unread.append(name)
      }
    }
  }

  /// Whether a file of this name is one.
  package static func isOne(_ name: String) -> Bool {
    names.contains(name) || TiktokenFile.isName(name)
  }

  /// Whether some of them are a tokenizer that others open too; a file of tiktoken is none.
  package var holdTokenizer: Bool { Self.tokenizers.contains { files[$0] != nil } }

  /// The names that count, but for those of tiktoken's files; the tokenizer first.
  package static let names = tokenizers + settings

  private static let tokenizers =
    ["tokenizer.json", "vocab.json", "merges.txt", "vocab.txt"] + SentencePieceFolder.names

  private static let settings = [
    "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "generation_config.json", "chat_template.jinja", "chat_template.json",
  ]
}

// MARK: - What they say of special tokens

extension CompanionFiles {
  private static let generation = "generation_config.json"

  /// The special tokens that the files say, the first that speaks of one counting: how to generate,
  /// then the configuration, then the tokenizer, as in `transformers`.
  ///
  /// - Parameters:
  ///   - configured: Those of `config.json`.
  ///   - vocabularySize: Ids beyond it are noted and not used.
  ///   - notes: What is good to know.
  /// - Returns: The tokens that count.
  package func specialTokens(
    _ configured: SpecialTokens,
    in vocabularySize: Int,
    _ notes: inout [ConfigNote]
  ) -> SpecialTokens {
    var special = SpecialTokens()
    notes += unread.sorted().map { .unreadCompanion($0) }
    if let bytes = files[Self.generation] {
      if let said = try? GenerationSettings(bytes) {
        special = said.special.known(in: vocabularySize, &notes)
        if !said.unused.isEmpty { notes.append(.unusedGeneration(said.unused)) }
      } else {
        notes.append(.unreadCompanion(Self.generation))
      }
    }
    special = special.completed(by: configured)
    guard special.start == nil || special.ends.isEmpty || special.padding == nil else {
      return special
    }
    var unnoted: [ConfigNote] = []
    return special.completed(by: namedTokens.known(in: vocabularySize, &unnoted))
  }

  /// The file with a template for conversations, if there is one.
  package var chatTemplate: String? {
    if let name = ["chat_template.jinja", "chat_template.json"].first(where: { files[$0] != nil }) {
      return name
    }
    let settings = "tokenizer_config.json"
    switch tree(settings)?["chat_template"] {
    case .string, .array: return settings
    default: return nil
    }
  }

  /// What `tokenizer_config.json` asks for around a text and a `tokenizer.json` does not do.
  ///
  /// `transformers` 5 leaves these keys aside wherever there is a `tokenizer.json`.
  package func unusedEdges(_ template: TextTemplate) -> [ConfigNote] {
    guard files["tokenizer.json"] != nil, let settings = tree("tokenizer_config.json") else {
      return []
    }
    let edges = [
      ("add_bos_token", "bos_token", template.prefix),
      ("add_eos_token", "eos_token", template.suffix),
    ]
    return edges.compactMap { key, token, ids in
      guard settings[key] == .boolean(true), ids.isEmpty,
        settings[token]?.spelling != nil
      else { return nil }
      return .unusedEdge(key: key)
    }
  }

  /// The tokens that the tokenizer's files name by their text.
  private var namedTokens: SpecialTokens {
    let said = TokenizerSettings(
      config: tree(TokenizerSettings.configName),
      map: tree(TokenizerSettings.mapName)
    )
    let names = (said.token("bos_token"), said.token("eos_token"), said.token("pad_token"))
    guard names.0 != nil || names.1 != nil || names.2 != nil else { return SpecialTokens() }
    let ids = ids(of: Set([names.0, names.1, names.2].compactMap(\.self)))
    return SpecialTokens(
      start: names.0.flatMap { ids[$0] },
      ends: names.1.flatMap { ids[$0] }.map { [$0] } ?? [],
      padding: names.2.flatMap { ids[$0] }
    )
  }

  /// The ids of some tokens, in whatever file lists them.
  private func ids(of tokens: Set<String>) -> [String: Int] {
    var ids: [String: Int] = [:]
    if case .object(let list)? = tree("tokenizer_config.json")?["added_tokens_decoder"] {
      for (id, token) in list {
        if let text = token["content"]?.text, let id = Int(id) { ids[text] = id }
      }
    }
    if case .object(let list)? = tree("added_tokens.json") {
      for case (let text, .integer(let id)) in list { ids[text] = id }
    }
    for name in ["tokenizer.json", "vocab.json"] where tokens.contains(where: { ids[$0] == nil }) {
      guard let bytes = files[name] else { continue }
      ids.merge(Self.vocabulary(bytes, tokens)) { $1 }
    }
    return ids
  }

  private func tree(_ name: String) -> JSONValue? {
    guard let bytes = files[name] else { return nil }
    var reader = JSONReader(bytes)
    return try? reader.value()
  }

  /// The ids that a `tokenizer.json` or a `vocab.json` gives to some tokens.
  private static func vocabulary(_ bytes: [UInt8], _ tokens: Set<String>) -> [String: Int] {
    var ids: [String: Int] = [:]
    var reader = JSONReader(bytes)
    try? reader.object { (key, reader) throws(JSONFault) in
      switch (key, reader.kind) {
      case ("added_tokens", .array):
        try reader.array { (_, reader) throws(JSONFault) in
          let token = try reader.value()
          guard let text = token["content"]?.text, tokens.contains(text) else { return }
          if case .integer(let id)? = token["id"] { ids[text] = id }
        }
      case ("model", .object):
        try reader.object { (key, reader) throws(JSONFault) in
          guard key == "vocab", reader.kind == .object else { return try reader.skip() }
          try reader.object { (token, reader) throws(JSONFault) in
            guard tokens.contains(token), reader.kind == .number else { return try reader.skip() }
            ids[token] = try reader.integer()
          }
        }
      case (_, .number) where tokens.contains(key): ids[key] = try reader.integer()
      default: try reader.skip()
      }
    }
    return ids
  }
}
