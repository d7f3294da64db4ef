// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// A model of sentencepiece in the folder of a model, with what the files beside it say.
///
/// `transformers` 5 opens it as it stands, or with a class that builds a tokenizer of its own from
/// the pieces.
struct SentencePieceFolder {
  /// The names that its file has.
  static let names = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"]

  /// Classes of `transformers` that number the pieces in another way, or cut a text in one that is
  /// not sentencepiece's.
  private static let renumbering: Set = [
    "BarthezTokenizer", "BartphoTokenizer", "BigBirdTokenizer", "CamembertTokenizer",
    "CpmTokenizer", "DebertaV2Tokenizer", "ErnieMTokenizer", "FNetTokenizer", "GPTSw3Tokenizer",
    "LasrTokenizer", "LayoutXLMTokenizer", "LukeTokenizer", "M2M100Tokenizer", "MBart50Tokenizer",
    "MBartTokenizer", "MLukeTokenizer", "MarianTokenizer", "NllbTokenizer", "PLBartTokenizer",
    "PegasusTokenizer", "ReformerTokenizer", "RemBertTokenizer", "SeamlessM4TTokenizer",
    "SiglipTokenizer", "Speech2TextTokenizer", "UdopTokenizer", "VideoPrismTokenizer",
    "XGLMTokenizer", "XLMProphetNetTokenizer", "XLMRobertaTokenizer",
  ]

  /// Classes that take the pieces for something else.
  private static let foreign: Set = [
    "BertTokenizer", "CohereTokenizer", "GPT2Tokenizer", "GPTNeoXTokenizer", "Qwen2Tokenizer",
  ]

  private let pieces: SentencePieceTokenizer
  private let settings: TokenizerSettings
  private let name: String

  /// Adds the tokens of the other files, and puts around a text what the class puts there.
  ///
  /// - Throws: `FileProblem` if that class has other ids.
  static func completed(
    _ tokenizer: SentencePieceTokenizer,
    file: String,
    folder: String
  ) throws(FileProblem) -> OpenedTokenizer {
    let settings = try TokenizerSettings(folder: folder)
    let stated = settings.className
    let name = settings.openingClass ?? TokenizerClass.plain
    let isForeign = stated == nil && file.hasSuffix("sentencepiece.bpe.model")
    if isForeign || renumbering.contains(name) {
      let found = stated ?? settings.modelType ?? "XLMRobertaTokenizer"
      throw .tokenizer(.otherKind(.renumberedSentencePiece(className: found)), file: file)
    }
    return try Self(pieces: tokenizer, settings: settings, name: name).opened(file)
  }

  private func opened(_ file: String) throws(FileProblem) -> OpenedTokenizer {
    let added = try settings.addedTokens(usual: usual)
    var (manner, notes) = (manner, [TokenizerNote]())
    do throws(TokenizerFault) {
      let numbered = try added.numbered(in: vocabulary(added), count: pieces.pieceCount)
      notes = numbered.notes
      let own = Set(numbered.tokens.map(\.id))
      manner.added.removeAll { own.contains($0.id) }
      manner.added += numbered.tokens.filter { token in
        let strips = token.stripsLeft || token.stripsRight || token.isSingleWord
        return strips || !pieces.isControl(token)
      }
    } catch {
      throw .tokenizer(error, file: file)
    }
    // The class of T5 takes the third piece for the unknown one.
    if name == "T5Tokenizer", pieces.id(of: .unknown) != 2 { notes.append(.otherClass(name)) }
    let isItself = !["LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer"].contains(name)
    if isItself ? Self.foreign.contains(name) : !pieces.isBytePairs {
      notes.append(.otherClass(name))
    }
    manner.template = template(pieces.completed(manner), added.meanings)
    return OpenedTokenizer(tokenizer: pieces.completed(manner), notes: notes)
  }

  // MARK: What a class does

  /// Which blanks are put in front, and whether a text is changed first.
  private var manner: SentencePieceManner {
    var manner = SentencePieceManner()
    let isOlder = settings.config["legacy"] == .boolean(true)
    let isPrefixed = settings.config["add_prefix_space"] != .boolean(false)
    switch name {
    case "LlamaTokenizer" where pieces.isBytePairs:
      (manner.blanks, manner.cleans) = (isPrefixed ? isOlder ? .missing : .first : .none, false)
      manner.added = pieces.symbols
    case "CodeLlamaTokenizer" where pieces.isBytePairs:
      (manner.blanks, manner.cleans) = (isPrefixed ? .first : .none, false)
      manner.added = pieces.symbols
    case "GemmaTokenizer" where pieces.isBytePairs:
      (manner.blanks, manner.cleans) = (.none, false)
    case TokenizerClass.plain where settings.config["legacy"] == .boolean(false):
      manner.blanks = .first
    default: break
    }
    return manner
  }

  private var usual: UsualTokens {
    let marks = ["bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"]
    switch name {
    case "LlamaTokenizer": return UsualTokens(named: marks)
    case "CodeLlamaTokenizer":
      let own = ["\u{2581}<PRE>", "\u{2581}<MID>", "\u{2581}<SUF>", "\u{2581}<EOT>", "<FILL_ME>"]
      return UsualTokens(named: marks, others: own)
    case "GemmaTokenizer":
      return UsualTokens(named: [
        "bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>",
        "mask_token": "<mask>",
      ])
    case "T5Tokenizer":
      let count = min(max(settings.config["extra_ids"]?.whole ?? 100, 0), 1_000)
      return UsualTokens(
        named: ["eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"],
        others: (0..<count).reversed().map { "<extra_id_\($0)>" }
      )
    default: return UsualTokens()
    }
  }

  /// The pieces, some of which may be called as a list of tokens says, where no class builds a
  /// tokenizer of its own.
  private func vocabulary(_ added: AddedParts) -> ByteTable {
    var names: [Int: String] = [:]
    if name == TokenizerClass.plain {
      for token in added.list where !added.isUnnumbered(token) {
        if let id = token["id"]?.whole, let text = token.spelling { names[id] = text }
      }
    }
    let spellings = (0..<pieces.pieceCount).map { pieces.spelling(of: TokenID($0)) ?? "" }
    var kept = Set(
      spellings.indices.filter { names[$0] == nil }.map { Array(spellings[$0].utf8) }
    )
    var vocabulary = ByteTable()
    for (id, spelling) in spellings.enumerated() {
      let name = names[id].map { Array($0.utf8) }
      let isNew = name.map { kept.insert($0).inserted } ?? false
      let text = isNew ? name ?? [] : Array(spelling.utf8)
      if vocabulary.number(of: text) == nil {
        _ = vocabulary.insert(text)
      } else {
        vocabulary.skip()
      }
    }
    return vocabulary
  }

  private func template(
    _ tokenizer: SentencePieceTokenizer,
    _ meanings: [String: String]
  ) -> TextTemplate {
    func edge(_ key: String, _ meaning: String, _ usual: [String], isUsual: Bool) -> [TokenID] {
      guard settings.config[key].map({ $0 == .boolean(true) }) ?? isUsual else { return [] }
      let names = meanings[meaning].map { [$0] } ?? usual
      return names.lazy.compactMap { tokenizer.id(ofControl: $0) }.prefix(1).map(\.self)
    }
    // What `transformers` 5 does where no file says otherwise.
    let (begins, ends) = (
      name == "CodeLlamaTokenizer", ["T5Tokenizer", "MT5Tokenizer"].contains(name)
    )
    var template = TextTemplate()
    template.prefix = edge("add_bos_token", "bos_token", ["<s>", "<bos>"], isUsual: begins)
    template.suffix = edge("add_eos_token", "eos_token", ["</s>", "<eos>"], isUsual: ends)
    return template
  }
}

// MARK: - Writing

extension SentencePieceFolder {
  /// The members of the `tokenizer_config.json` with which such a tokenizer is read again.
  static func settings(_ tokenizer: SentencePieceTokenizer) -> [(String, String)] {
    let manner = tokenizer.manner
    let name = manner.cleans ? "PreTrainedTokenizerFast" : "LlamaTokenizer"
    var members = [("tokenizer_class", JSONText.string(name))]
    switch (manner.blanks, manner.cleans) {
    case (.none, _): members.append(("add_prefix_space", "false"))
    case (.first, true): members.append(("legacy", "false"))
    case (.missing, _): members.append(("legacy", "true"))
    case (.each, _), (.first, false): break
    }
    for (ids, kind) in [(manner.template.prefix, "bos"), (manner.template.suffix, "eos")] {
      guard let token = ids.first.flatMap({ tokenizer.spelling(of: $0) }) else { continue }
      members.append(("\(kind)_token", JSONText.string(token)))
      members.append(("add_\(kind)_token", "true"))
    }
    if !manner.added.isEmpty {
      let tokens = manner.added.sorted { $0.id < $1.id }.map { token in
        (String(token.id), AddedTokenList.json(token))
      }
      members.append(("added_tokens_decoder", JSONText.object(tokens)))
    }
    return members
  }
}
