// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `tokenizer.json` of a model folder, as Hugging Face `tokenizers` reads and writes it.
///
/// Words of ours are its `WordLevel` model behind two splits that cut where `WordSplitter` cuts.
/// Format: https://huggingface.co/docs/tokenizers/api/tokenizer.
package enum TokenizerFile {
  /// More than any honest tokenizer has.
  static let largestFile = 256 << 20

  /// Opens the tokenizer of a folder: its `tokenizer.json`, else the older `vocab.json` with
  /// `merges.txt`; nil if the folder has none.
  ///
  /// - Throws: `FileProblem` if there is one that Passo does not read, of whatever kind.
  package static func open(folder: String) throws(FileProblem) -> OpenedTokenizer? {
    let path = "\(folder)/tokenizer.json"
    if InputFile.exists(path) {
      let bytes = try InputFile.read(path: path, limit: largestFile)
      do throws(FileProblem) {
        let settings = try TokenizerSettings(folder: folder)
        return try open(bytes: bytes, file: path, beside: settings)
      } catch {
        // What is wrong with the tokenizer itself is wrong without its settings too.
        return try open(bytes: bytes, file: path).with([.unreadSettings(error)])
      }
    }
    if let opened = try MergesFolder.open(folder) { return opened }
    if let file = OtherTokenizer.files(in: folder).first {
      let opened = try open(path: file)
      guard let pieces = opened.tokenizer as? SentencePieceTokenizer else { return opened }
      return try SentencePieceFolder.completed(pieces, file: file, folder: folder)
    }
    if let (json, added, file) = try WordPieceFolder.json(folder) {
      let opened = try open(bytes: json, file: file)
      return opened.with(added.relevant(opened.notes))
    }
    if let problem = OtherTokenizer.problem(in: folder) { throw problem }
    return nil
  }

  /// Reads the tokenizer of a folder; nil if the folder has none.
  package static func read(folder: String) throws(FileProblem) -> (any Tokenizer)? {
    try open(folder: folder)?.tokenizer
  }

  /// Opens a `tokenizer.json`, or a folder with a tokenizer.
  package static func open(path: String) throws(FileProblem) -> OpenedTokenizer {
    if InputFile.isFolder(path) {
      if let opened = try open(folder: path) { return opened }
      throw .folder(.noTokenizer, file: path)
    }
    return try open(bytes: InputFile.read(path: path, limit: largestFile), file: path)
  }

  /// Reads a `tokenizer.json`, or that of a folder.
  package static func read(path: String) throws(FileProblem) -> any Tokenizer {
    try open(path: path).tokenizer
  }

  /// Checks bytes that were read already; `file` is named in problems.
  package static func read(bytes: [UInt8], file: String) throws(FileProblem) -> any Tokenizer {
    try open(bytes: bytes, file: file).tokenizer
  }

  /// Opens bytes; `settings` stand beside a `tokenizer.json` in its folder.
  private static func open(
    bytes: [UInt8],
    file: String,
    beside settings: TokenizerSettings? = nil
  ) throws(FileProblem) -> OpenedTokenizer {
    if let opened = try other(bytes, file: file) { return opened }
    var (bytes, notes): ([UInt8], [TokenizerNote]) = (bytes, [])
    var document = try JSONReader.read(bytes, file: file, needed: .tokenizer) {
      (reader) throws(JSONFault) in try TokenizerDocument(&reader)
    }
    let listed = document.addedTokens
    var added = try settings?.addedTokens(listed: listed) ?? AddedParts()
    added.remove(listed)
    if !added.list.isEmpty {
      bytes = added.written(after: listed, in: bytes)
      document.add(added.list)
    }
    do throws(TokenizerFault) {
      let opened = try checked(tokenizer(document, source: bytes))
      notes = added.relevant(opened.notes)
      notes += settings?.unusedClass(opened.tokenizer).map { [$0] } ?? []
      return opened.with(notes)
    } catch {
      throw .tokenizer(error, file: file)
    }
  }

  /// The tokenizer of a file of tiktoken or sentencepiece; nil for another one.
  private static func other(
    _ bytes: [UInt8],
    file: String
  ) throws(FileProblem) -> OpenedTokenizer? {
    do throws(TokenizerFault) {
      let isNamed = TiktokenFile.isName(file) && bytes.first != UInt8(ascii: "{")
      switch FileFormat(bytes) ?? (isNamed ? .tiktoken : nil) {
      case .tiktoken:
        let tokenizer = try TiktokenFile.tokenizer(bytes, file: file)
        return OpenedTokenizer(tokenizer: tokenizer, notes: [])
      case .sentencePiece:
        return OpenedTokenizer(tokenizer: try SentencePieceFile.tokenizer(bytes), notes: [])
      default: return nil
      }
    } catch {
      throw .tokenizer(error, file: file)
    }
  }

  /// The files of a tokenizer in a model folder.
  static let names = ["tokenizer.json", "tokenizer_config.json"]

  /// Writes `tokenizer.json`, or the file of sentencepiece, and the small file that tells
  /// `transformers` how to open it.
  package static func write(_ tokenizer: any Tokenizer, folder: String) throws(FileProblem) {
    let pieces = pieces(of: tokenizer)
    let name = pieces == nil ? "tokenizer.json" : "tokenizer.model"
    try write(tokenizer, path: "\(folder)/\(name)")
    var members =
      pieces.map(SentencePieceFolder.settings)
      ?? [("tokenizer_class", JSONText.string("PreTrainedTokenizerFast"))]
    // Where a text has no end of its own, the start of the next one ends it.
    let end: SpecialToken = tokenizer.id(of: .end) == nil ? .start : .end
    let special: [(SpecialToken, String)] = [
      (.start, "bos_token"), (end, "eos_token"), (.mask, "mask_token"), (.pad, "pad_token"),
      (.unknown, "unk_token"),
    ]
    for (token, key) in special
    where tokenizer.id(of: token) != nil && !members.contains(where: { $0.0 == key }) {
      members.append((key, JSONText.string(token.rawValue)))
    }
    let settings = Array((JSONText.object(members) + "\n").utf8)
    try AtomicFile.write(settings, to: "\(folder)/tokenizer_config.json")
  }

  /// Writes a `tokenizer.json` alone.
  package static func write(
    _ tokenizer: any Tokenizer,
    path: String
  ) throws(FileProblem) {
    try AtomicFile.write(encoded(tokenizer), to: path)
  }

  // MARK: The parts of the file

  private static let normalizer = #"{"type":"NFC"}"#

  private static let preTokenizer = #"""
    {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"[\\s\\p{Cc}]+"},\#
    "behavior":"Removed","invert":false},{"type":"Split","pattern":\#
    {"Regex":"[\\p{P}\\p{Sm}\\p{Sc}]"},"behavior":"Isolated","invert":false}]}
    """#

  private static let characterPreTokenizer = #"""
    {"type":"Split","pattern":{"Regex":"[\\s\\S]"},"behavior":"Isolated","invert":false}
    """#

  private static let characterDecoder = #"{"type":"Fuse"}"#

  // Blanks between words, but not where `WordSplitter.joined` lets punctuation cling.
  private static let decoder = #"""
    {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"Regex":"^"},"content":" "},\#
    {"type":"Fuse"},{"type":"Replace","pattern":{"Regex":"^ | (?=[.,;:!?%…'’\\p{Pe}\\p{Pf}])|\#
    (?<=['’\\p{Ps}\\p{Pi}]) "},"content":""}]}
    """#

  /// Tells tokenizers apart: equal ones have the same, wherever they came from.
  package static func fingerprint(of tokenizer: any Tokenizer) -> UInt64 {
    var hash = ContentHash()
    if let ids = tokenizer as? IDTokenizer {
      Array("ids \(ids.vocabularySize)".utf8).withUnsafeBytes { hash.add($0) }
      return hash.value
    }
    encoded(tokenizer).withUnsafeBytes { hash.add($0) }
    // Kept tokens of the whole tokenizer may hold some that this model does not know.
    if let pieces = pieces(of: tokenizer), pieces.isCompleted {
      let settings = SentencePieceFolder.settings(pieces)
      Array(JSONText.object(settings).utf8).withUnsafeBytes { hash.add($0) }
    }
    if tokenizer is FittedTokenizer {
      withUnsafeBytes(of: UInt64(tokenizer.vocabularySize).littleEndian) { hash.add($0) }
    }
    return hash.value
  }

  /// The tokenizer of sentencepiece that a tokenizer is, with more tokens than a model knows or
  /// without.
  private static func pieces(of tokenizer: any Tokenizer) -> SentencePieceTokenizer? {
    ((tokenizer as? FittedTokenizer)?.whole ?? tokenizer) as? SentencePieceTokenizer
  }

  /// The bytes of a `tokenizer.json`, or of a model of sentencepiece.
  static func encoded(_ tokenizer: any Tokenizer) -> [UInt8] {
    if let fitted = tokenizer as? FittedTokenizer { return encoded(fitted.whole) }
    if let pieces = tokenizer as? PipelineTokenizer { return pieces.source }
    if let pieces = tokenizer as? SentencePieceTokenizer { return pieces.source }
    let parts =
      switch tokenizer {
      case let pairs as BytePairTokenizer: BytePairFile.encoded(pairs)
      case let characters as CharacterTokenizer:
        levels(
          characters.spellings,
          added: characters.added,
          template: characters.template,
          normalizer: "null",
          preTokenizer: characterPreTokenizer,
          decoder: characterDecoder
        )
      case let words as WordTokenizer:
        levels(
          words.vocabulary.tokens,
          added: words.added,
          template: words.template,
          normalizer: normalizer,
          preTokenizer: preTokenizer,
          decoder: words.clings ? decoder : "null"
        )
      // It has no file; this tells two of them apart.
      case let ids as IDTokenizer: [("ids", "\(ids.vocabularySize)")]
      default: preconditionFailure("a tokenizer without a file")
      }
    let common = [("version", "\"1.0\""), ("truncation", "null"), ("padding", "null")]
    return Array((JSONText.object(common + parts) + "\n").utf8)
  }

  /// The members of a file whose model has one token for each piece.
  private static func levels(
    _ tokens: [String],
    added: [AddedToken],
    template: TextTemplate,
    normalizer: String,
    preTokenizer: String,
    decoder: String
  ) -> [(key: String, value: String)] {
    let model = JSONText.object([
      ("type", JSONText.string("WordLevel")),
      ("vocab", JSONText.object(tokens.enumerated().map { ($0.element, String($0.offset)) })),
      ("unk_token", JSONText.string("<unk>")),
    ])
    return [
      ("added_tokens", AddedTokenList.json(added)),
      ("normalizer", normalizer), ("pre_tokenizer", preTokenizer),
      ("post_processor", template.source ?? "null"),
      ("decoder", decoder), ("model", model),
    ]
  }

  private static func tokenizer(
    _ document: TokenizerDocument,
    source: [UInt8]
  ) throws(TokenizerFault) -> OpenedTokenizer {
    if document.isWordList { throw .otherKind(.wordList) }
    try document.expectVersion()
    // What has a quick way, or is Passo's own, goes it; the rest is read part by part.
    if let opened = try usual(document) { return opened }
    let (tokenizer, notes) = try PipelineFile.tokenizer(document, source: source)
    return OpenedTokenizer(tokenizer: tokenizer, notes: notes)
  }

  /// A tokenizer of bytes, or of words or characters as Passo writes them; nil for another one.
  private static func usual(
    _ document: TokenizerDocument
  ) throws(TokenizerFault) -> OpenedTokenizer? {
    do throws(TokenizerFault) {
      switch try document.modelType() {
      case "BPE":
        let (tokenizer, notes) = try BytePairFile.tokenizer(document)
        return OpenedTokenizer(tokenizer: tokenizer, notes: notes)
      case "WordLevel":
        try expectUnknown(document)
        let isCharacters = try isSame(document.part("pre_tokenizer"), characterPreTokenizer)
        let (tokenizer, added) = try isCharacters ? characters(document) : words(document)
        return OpenedTokenizer(
          tokenizer: tokenizer,
          notes: try document.lengthNotes() + added.notes
        )
      default: return nil
      }
    } catch {
      if case .unsupported = error { return nil }
      throw error
    }
  }

  /// Whether a part does what another does: the same parts in the same order, in whatever
  /// sequences.
  private static func isSame(
    _ part: TokenizerPart,
    _ other: String
  ) throws(TokenizerFault) -> Bool {
    if part.isNone { return false }
    func values(_ part: TokenizerPart) throws(TokenizerFault) -> [JSONValue] {
      try part.flattened(part.sequenceKey).map(\.value)
    }
    return try values(part) == values(TokenizerPart(value: .literal(other), path: part.path))
  }

  /// Checks that what stands around a text are tokens.
  static func checked(_ opened: OpenedTokenizer) throws(TokenizerFault) -> OpenedTokenizer {
    let (tokenizer, template) = (opened.tokenizer, opened.tokenizer.template)
    for id in template.prefix + template.suffix where tokenizer.token(of: id) == nil {
      throw .unsupported(
        key: "post_processor",
        found: String(id),
        known: Bilingual(it: "gli id dei token", en: "the ids of tokens")
      )
    }
    return opened
  }

  private typealias Level = (tokenizer: any Tokenizer, added: AddedTokenList)

  private static func words(_ document: TokenizerDocument) throws(TokenizerFault) -> Level {
    try expect("normalizer", document, normalizer, asWordsOfPasso)
    try expect("pre_tokenizer", document, preTokenizer, asWordsOfPasso)
    // Older files have no decoder: there, nothing clings.
    let clings = !document.part("decoder").isNone
    if clings { try expect("decoder", document, decoder, asWordsOfPasso) }
    return try level(document) { (tokens, added, template) throws(DataProblem) in
      try WordTokenizer(
        vocabulary: Vocabulary(tokens),
        added: added,
        clings: clings,
        template: template
      )
    }
  }

  private static func characters(_ document: TokenizerDocument) throws(TokenizerFault) -> Level {
    try document.expectNone("normalizer")
    try expect("decoder", document, characterDecoder, Bilingual(same: "Fuse"))
    var own: [AddedToken] = []
    let level = try level(document) { (tokens, _, template) throws(DataProblem) in
      let characters = try CharacterTokenizer(tokens: tokens, template: template)
      own = characters.added
      return characters
    }
    guard Set(level.added.tokens) == Set(own) else {
      throw document.part("added_tokens").unsupported(asSpecialsOfPasso)
    }
    return level
  }

  /// The tokenizer of a file whose model has one token for each piece.
  private static func level(
    _ document: TokenizerDocument,
    _ make: ([String], [AddedToken], TextTemplate) throws(DataProblem) -> any Tokenizer
  ) throws(TokenizerFault) -> Level {
    let tokens = try document.tokens()
    var vocabulary = ByteTable()
    for token in tokens { _ = vocabulary.insert(Array(token.utf8)) }
    let added = try AddedTokenList(document, vocabulary, count: tokens.count)
    let template = try PostProcessorFile.template(document.part("post_processor"))
    do {
      return (try make(tokens, added.tokens, template), added)
    } catch {
      throw .vocabulary(error)
    }
  }

  /// Checks that what has no token becomes the one that Passo takes for it.
  private static func expectUnknown(_ document: TokenizerDocument) throws(TokenizerFault) {
    let unknown = document.setting("unk_token")
    guard document.model["unk_token"] != nil else { throw .missing(key: unknown.path) }
    guard try unknown.text() == SpecialToken.unknown.rawValue else {
      throw unknown.unsupported(Bilingual(same: SpecialToken.unknown.rawValue))
    }
  }

  private static let asWordsOfPasso = Bilingual(
    it: "ciò che scrivono i suoi tokenizer a parole e a caratteri",
    en: "what its word and character tokenizers write"
  )

  private static let asSpecialsOfPasso = Bilingual(
    it: "i token speciali del vocabolario",
    en: "the special tokens of the vocabulary"
  )

  private static func expect(
    _ key: String,
    _ document: TokenizerDocument,
    _ needed: String,
    _ known: Bilingual
  ) throws(TokenizerFault) {
    guard document.parts[key] != nil else { throw .missing(key: key) }
    guard try isSame(document.part(key), needed) else {
      throw document.part(key).unsupported(known)
    }
  }
}
