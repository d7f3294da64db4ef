// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// A tokenizer of any stages in a `tokenizer.json`.
enum PipelineFile {
  /// More stages of a kind than anything honest has.
  static let mostStages = 32

  /// The tokenizer of a file, and what is good to know of it.
  ///
  /// - Throws: `TokenizerFault` that names the first part that is not read.
  static func tokenizer(
    _ document: TokenizerDocument,
    source: [UInt8]
  ) throws(TokenizerFault) -> (tokenizer: PipelineTokenizer, notes: [TokenizerNote]) {
    var surroundings = PipelineSurroundings()
    surroundings.normalizers = try NormalizerFile.normalizers(document.part("normalizer"))
    surroundings.preTokenizers = try PreTokenizerFile.steps(document.part("pre_tokenizer"))
    surroundings.decoders = try DecoderFile.decoders(document.part("decoder"))
    surroundings.template = try PostProcessorFile.template(document.part("post_processor"))
    let read = try PieceModelFile(document)
    let added = try AddedTokenList(document, read.vocabulary, count: read.count)
    let notes = try document.lengthNotes() + added.notes + document.dropoutNotes()
    do {
      let stages = try PipelineStages(
        vocabulary: read.vocabulary,
        model: read.model,
        added: added.tokens,
        unknown: read.unknown,
        surroundings: surroundings,
        source: source
      )
      return (PipelineTokenizer(stages), notes)
    } catch {
      throw .vocabulary(error)
    }
  }
}

extension TokenizerPart {
  /// The parts of a `Sequence`, or this part alone; none for null.
  ///
  /// - Throws: `TokenizerFault` if there are too many, or one is null.
  func stages() throws(TokenizerFault) -> [TokenizerPart] {
    if isNone { return [] }
    let stages = try flattened(sequenceKey)
    guard stages.count <= PipelineFile.mostStages else {
      throw .unsupported(
        key: path,
        found: "[\(stages.count)]",
        known: Bilingual(
          it: "\(PipelineFile.mostStages) parti al massimo",
          en: "\(PipelineFile.mostStages) parts at most"
        )
      )
    }
    for stage in stages where stage.isNone { throw stage.wrong(.object) }
    return stages
  }

  /// A number of repetitions from 0 up.
  func count() throws(TokenizerFault) -> Int {
    let count = try integer()
    guard count >= 0 else {
      throw unsupported(Bilingual(it: "numeri da 0 in su", en: "numbers from 0 up"))
    }
    return count
  }

  /// A text of one scalar.
  func scalar() throws(TokenizerFault) -> Unicode.Scalar {
    let scalars = try text().unicodeScalars
    guard let scalar = scalars.first, scalars.count == 1 else {
      throw unsupported(Bilingual(it: "un carattere", en: "one character"))
    }
    return scalar
  }

  /// `{"String": " "}` or `{"Regex": " +"}`.
  func pattern() throws(TokenizerFault) -> TextPattern {
    if let text = try optional("String") {
      guard try !text.text().isEmpty else {
        throw text.unsupported(Bilingual(it: "testi non vuoti", en: "texts that are not empty"))
      }
      return .text(try text.text())
    }
    return .expression(try member("Regex").expression())
  }

  /// A regular expression.
  func expression() throws(TokenizerFault) -> SplitExpression {
    let source = try text()
    do throws(ExpressionFault) {
      return try SplitExpression(source)
    } catch {
      throw .expression(key: path, source: source, error)
    }
  }
}

/// The `normalizer` of a `tokenizer.json`.
enum NormalizerFile {
  /// What is done to a text before it is cut, in order.
  static func normalizers(_ part: TokenizerPart) throws(TokenizerFault) -> [TextNormalizer] {
    try part.stages().map { (part) throws(TokenizerFault) in try normalizer(part) }
  }

  private static func normalizer(_ part: TokenizerPart) throws(TokenizerFault) -> TextNormalizer {
    switch try part.type() {
    case "NFC": return .composed
    case "NFD": return .decomposed
    case "NFKC": return .compatiblyComposed
    case "NFKD": return .compatiblyDecomposed
    case "Lowercase": return .lowercase
    case "StripAccents": return .stripsAccents
    case "Strip":
      return .strip(
        left: try part.member("strip_left").flag(),
        right: try part.member("strip_right").flag()
      )
    case "Prepend": return .prepend(try part.member("prepend").text())
    case "Replace":
      return .replace(try part.member("pattern").pattern(), by: try part.member("content").text())
    case "ByteLevel": return .byteLevel
    case "BertNormalizer": return .bert(try bert(part))
    case "Nmt": return .nmt
    case "Precompiled": return try precompiled(part.member("precompiled_charsmap"))
    default:
      throw part.unsupported(
        Bilingual(
          same: "NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace,"
            + " ByteLevel, BertNormalizer, Nmt, Precompiled"
        )
      )
    }
  }

  private static func bert(_ part: TokenizerPart) throws(TokenizerFault) -> BertCleaning {
    let lowercases = try part.member("lowercase").flag()
    let strips = try part.optional("strip_accents")
    return BertCleaning(
      cleansText: try part.member("clean_text").flag(),
      spacesChinese: try part.member("handle_chinese_chars").flag(),
      // Without a word about accents they go with the capital letters.
      stripsAccents: strips.map(\.isNone) ?? true ? lowercases : try strips?.flag() ?? lowercases,
      lowercases: lowercases
    )
  }

  private static func precompiled(_ part: TokenizerPart) throws(TokenizerFault) -> TextNormalizer {
    guard let bytes = Base64.bytes(try part.text()), let map = PrecompiledMap(bytes) else {
      throw part.unsupported(
        Bilingual(it: "la mappa di sentencepiece", en: "the map of sentencepiece")
      )
    }
    return .precompiled(map)
  }
}

/// The `pre_tokenizer` of a `tokenizer.json`, whatever it is made of.
enum PreTokenizerFile {
  /// How a text is cut, step by step.
  static func steps(_ part: TokenizerPart) throws(TokenizerFault) -> [PreTokenizer] {
    var steps: [PreTokenizer] = []
    for stage in try part.stages() { steps += try step(stage) }
    return steps
  }

  private static func step(_ part: TokenizerPart) throws(TokenizerFault) -> [PreTokenizer] {
    func split(_ name: ScalarClassName, _ behavior: SplitBehavior) -> PreTokenizer {
      .split(.scalars(name), behavior, isInverted: false)
    }
    switch try part.type() {
    case "ByteLevel":
      let flags = try ByteLevelFlags(part)
      return [.byteLevel(addsPrefixSpace: flags.addsPrefixSpace, usesRegex: flags.usesRegex)]
    case "Metaspace": return [try metaspace(part)]
    case "Whitespace":
      return [.split(.wordsOrMarks, .removed, isInverted: true)]
    case "WhitespaceSplit": return [split(.whiteSpace, .removed)]
    case "BertPreTokenizer": return [split(.whiteSpace, .removed), split(.punctuation, .isolated)]
    case "Punctuation":
      guard let behavior = try part.optional("behavior") else {
        return [split(.punctuation, .isolated)]
      }
      return [split(.punctuation, try Self.behavior(behavior))]
    case "Digits":
      let isSingle = try part.member("individual_digits").flag()
      return [split(.number, isSingle ? .isolated : .contiguous)]
    case "CharDelimiterSplit":
      return [split(.scalar(try part.member("delimiter").scalar()), .removed)]
    case "Split":
      return [
        .split(
          try part.member("pattern").pattern(),
          try behavior(part.member("behavior")),
          isInverted: try part.member("invert").flag()
        )
      ]
    default:
      throw part.unsupported(
        Bilingual(
          same: "ByteLevel, Metaspace, Whitespace, WhitespaceSplit, BertPreTokenizer, Punctuation,"
            + " Digits, CharDelimiterSplit, Split"
        )
      )
    }
  }

  private static func behavior(_ part: TokenizerPart) throws(TokenizerFault) -> SplitBehavior {
    guard let behavior = SplitBehavior(rawValue: try part.text()) else {
      throw part.unsupported(
        Bilingual(same: "Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous")
      )
    }
    return behavior
  }

  private static func metaspace(_ part: TokenizerPart) throws(TokenizerFault) -> PreTokenizer {
    .metaspace(
      try part.member("replacement").scalar(),
      try scheme(part),
      splits: try part.optional("split")?.flag() ?? true
    )
  }

  /// Where `Metaspace` puts a blank that is not there; older files say only whether.
  static func scheme(_ part: TokenizerPart) throws(TokenizerFault) -> PrependScheme {
    let older = try part.optional("add_prefix_space")
    guard let name = try part.optional("prepend_scheme") else {
      return try older?.flag() ?? true ? .always : .never
    }
    guard let scheme = PrependScheme(rawValue: try name.text()),
      try older?.flag() != false || scheme == .never
    else { throw name.unsupported(Bilingual(same: "always, first, never")) }
    return scheme
  }
}

/// The `decoder` of a `tokenizer.json`, whatever it is made of.
enum DecoderFile {
  /// How tokens become text, step by step; nil for blanks between them.
  static func decoders(_ part: TokenizerPart) throws(TokenizerFault) -> [TokenDecoder]? {
    if part.isNone { return nil }
    return try part.stages().map { (part) throws(TokenizerFault) in try decoder(part) }
  }

  private static func decoder(_ part: TokenizerPart) throws(TokenizerFault) -> TokenDecoder {
    switch try part.type() {
    case "ByteLevel":
      _ = try ByteLevelFlags(part)
      return .byteLevel
    case "WordPiece":
      return .wordPiece(
        prefix: try part.member("prefix").text(),
        cleansUp: try part.member("cleanup").flag()
      )
    case "Metaspace":
      return .metaspace(
        try part.member("replacement").scalar(),
        skipsFirst: try PreTokenizerFile.scheme(part) != .never
      )
    case "BPEDecoder": return .bytePairs(suffix: try part.member("suffix").text())
    case "ByteFallback": return .byteFallback
    case "Fuse": return .fuse
    case "Strip":
      return .strip(
        try part.member("content").scalar(),
        left: try part.member("start").count(),
        right: try part.member("stop").count()
      )
    case "Replace":
      return .replace(try part.member("pattern").pattern(), by: try part.member("content").text())
    default:
      throw part.unsupported(
        Bilingual(
          same: "ByteLevel, WordPiece, Metaspace, BPEDecoder, ByteFallback, Fuse, Strip, Replace"
        )
      )
    }
  }
}
