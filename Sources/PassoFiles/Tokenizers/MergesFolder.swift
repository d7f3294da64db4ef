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
  private let settings: TokenizerSettings
  private let family: Family

  /// The classes of `transformers` that cut in the same way.
  fileprivate enum Family {
    case gpt2
    case gptNeoX
    case qwen2

    /// The family of a class; nil for one that cuts in another way.
    init?(className: String?) {
      switch className {
      case "GPT2Tokenizer", "CodeGenTokenizer", "WhisperTokenizer": self = .gpt2
      case "GPTNeoXTokenizer": self = .gptNeoX
      case "Qwen2Tokenizer": self = .qwen2
      default: return nil
      }
    }

    /// How it cuts a text.
    func pairs(prefixes: Bool) -> BytePairSettings {
      var pairs = BytePairSettings(self == .qwen2 ? .qwen2 : .gpt2)
      pairs.composes = self != .gpt2
      // Before the pattern of `ByteLevel` itself, but after one in front of it.
      if prefixes { pairs.blankPlace = self == .qwen2 ? 1 : 0 }
      return pairs
    }
  }

  /// Opens the tokenizer; nil if the folder has not got both files.
  static func open(_ folder: String) throws(FileProblem) -> OpenedTokenizer? {
    let (vocabulary, merges) = ("\(folder)/vocab.json", "\(folder)/merges.txt")
    guard InputFile.exists(vocabulary), InputFile.exists(merges) else { return nil }
    let files = try MergesFolder(folder)
    let tokens = try files.vocabulary(vocabulary)
    let pairs = try Self.merges(merges)
    let added = try files.settings.addedTokens(usual: files.usual)
    var parts = files.parts(added)
    do throws(TokenizerFault) {
      func tokenizer() throws(TokenizerFault) -> (BytePairTokenizer, [TokenizerNote]) {
        let document = TokenizerDocument(vocabulary: tokens, merges: pairs, parts: parts)
        return try BytePairFile.tokenizer(document)
      }
      var (opened, notes) = try tokenizer()
      if let template = files.template(added, opened.added) {
        parts["post_processor"] = template
        (opened, notes) = try tokenizer()
      }
      notes = added.relevant(notes)
      return try TokenizerFile.checked(OpenedTokenizer(tokenizer: opened, notes: notes))
    } catch {
      throw .tokenizer(error, file: vocabulary)
    }
  }

  private init(_ folder: String) throws(FileProblem) {
    settings = try TokenizerSettings(folder: folder)
    if let family = Family(className: settings.openingClass) {
      self.family = family
      return
    }
    guard settings.openingClass ?? TokenizerClass.plain == TokenizerClass.plain else {
      throw settings.unknownClass("GPT2Tokenizer, GPTNeoXTokenizer, Qwen2Tokenizer")
    }
    // A class without a way of its own to cut: there is that of the model's family, or none.
    let name = TokenizerClass.name(ofModelType: settings.modelType)
    guard let family = Family(className: settings.modelType == nil ? "GPT2Tokenizer" : name) else {
      throw settings.unknownFamily
    }
    self.family = family
  }

  // MARK: Files

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

  // MARK: As a tokenizer.json

  /// Those that each family has where no file says otherwise.
  private var usual: UsualTokens {
    var keys = ["eos_token", "unk_token"]
    if family != .qwen2 { keys.append("bos_token") } else { keys.append("pad_token") }
    var usual = UsualTokens()
    for key in keys { usual.named[key] = "<|endoftext|>" }
    if family == .gptNeoX { usual.named["pad_token"] = "<|padding|>" }
    return usual
  }

  private func parts(_ added: AddedParts) -> [String: JSONValue] {
    let pairs = family.pairs(prefixes: settings.addsPrefixSpace)
    var parts: [String: JSONValue] = ["added_tokens": .array(added.list)]
    parts["pre_tokenizer"] = .literal(BytePairPreTokenizer.json(pairs))
    parts["decoder"] = .literal(
      BytePairPreTokenizer.byteLevel(prefix: true, trims: true, cuts: true)
    )
    if pairs.composes { parts["normalizer"] = .object(["type": .string("NFC")]) }
    return parts
  }
}

extension MergesFolder {
  /// What `add_bos_token` and `add_eos_token` put around a text, as a post-processor.
  private func template(_ parts: AddedParts, _ added: [AddedToken]) -> JSONValue? {
    func edge(_ key: String, _ meaning: String) -> (token: String, id: TokenID)? {
      guard settings.config[key] == .boolean(true), let content = parts.meanings[meaning],
        let token = added.first(where: { $0.bytes == Array(content.utf8) })
      else { return nil }
      return (content, token.id)
    }
    return TokenizerSettings.template(
      before: edge("add_bos_token", "bos_token"),
      after: edge("add_eos_token", "eos_token")
    )
  }
}

extension TokenizerSettings {
  fileprivate var addsPrefixSpace: Bool { config["add_prefix_space"] == .boolean(true) }

  /// What is to be said of a tokenizer from a `tokenizer.json` that the class of the folder does
  /// not cut as: that class builds its own, and takes only the vocabulary from the file.
  func unusedClass(_ tokenizer: any Tokenizer) -> TokenizerNote? {
    guard let name = openingClass, let family = MergesFolder.Family(className: name) else {
      return nil
    }
    if tokenizer is PipelineTokenizer { return .otherClass(name) }
    guard let pairs = tokenizer as? BytePairTokenizer else { return nil }
    let (own, other) = (pairs.settings, family.pairs(prefixes: addsPrefixSpace))
    let isSame =
      own.patterns == other.patterns && own.composes == other.composes
      && own.blankPlace == other.blankPlace && own.byteDigits == other.byteDigits
    return isSame ? nil : .otherClass(name)
  }
}
