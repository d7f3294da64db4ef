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
    let added = try files.settings.addedTokens(usual: files.usual)
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
    settings = try TokenizerSettings(folder: folder)
    switch settings.className {
    case "GPT2Tokenizer", "CodeGenTokenizer", "WhisperTokenizer", "PreTrainedTokenizer",
      "TokenizersBackend":
      family = .gpt2
    case "Qwen2Tokenizer": family = .qwen2
    case nil: family = try settings.modelType() == "qwen2" ? .qwen2 : .gpt2
    case .some: throw settings.unknownClass("GPT2Tokenizer, Qwen2Tokenizer")
    }
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
  private var usual: [String: String] {
    switch family {
    case .gpt2:
      ["bos_token", "eos_token", "unk_token"].reduce(into: [:]) { $0[$1] = "<|endoftext|>" }
    case .qwen2:
      ["eos_token", "unk_token", "pad_token"].reduce(into: [:]) { $0[$1] = "<|endoftext|>" }
    }
  }

  private func parts(_ added: AddedParts) -> [String: JSONValue] {
    let prefixes = settings.config["add_prefix_space"] == .boolean(true)
    var pairs = BytePairSettings(family == .qwen2 ? .qwen2 : .gpt2)
    // Before the pattern of `ByteLevel` itself, but after one in front of it.
    if prefixes { pairs.blankPlace = family == .qwen2 ? 1 : 0 }
    var parts: [String: JSONValue] = ["added_tokens": .array(added.list)]
    parts["pre_tokenizer"] = .literal(BytePairPreTokenizer.json(pairs))
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
