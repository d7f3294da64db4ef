// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `pre_tokenizer` of byte-level tokenizers: where a text is cut before pairs are looked for.
enum BytePairPreTokenizer {
  /// More parts than anything honest has, each of which cuts the pieces of the one before.
  private static let mostParts = 16

  private static let known = Bilingual(
    it: "ByteLevel, anche con Split e Digits prima, o Digits dopo",
    en: "ByteLevel, with Split and Digits before it too, or Digits after it"
  )

  /// Takes over what a part says.
  static func read(
    _ part: TokenizerPart,
    into settings: inout BytePairSettings
  ) throws(TokenizerFault) {
    guard !part.isNone else { throw part.unsupported(known) }
    let parts = try part.flattened("pretokenizers")
    guard parts.count <= mostParts else {
      throw .unsupported(
        key: part.path,
        found: "[\(parts.count)]",
        known: Bilingual(it: "\(mostParts) parti al massimo", en: "\(mostParts) parts at most")
      )
    }
    settings.patterns = []
    var areBytes = false
    for part in parts {
      switch try part.type() {
      case "ByteLevel" where !areBytes:
        let flags = try ByteLevelFlags(part)
        settings.trimsOffsets = flags.trimsOffsets
        if flags.addsPrefixSpace { settings.blankPlace = settings.patterns.count }
        if flags.usesRegex { settings.patterns.append(.gpt2) }
        areBytes = true
      case "Digits":
        let cut: DigitCut = try part.member("individual_digits").flag() ? .single : .runs
        if !areBytes {
          settings.patterns.append(.digits(cut))
        } else if settings.byteDigits != .single {
          settings.byteDigits = cut
        }
      case "Split" where !areBytes: settings.patterns.append(try splitPattern(part))
      default: throw part.unsupported(known)
      }
    }
    guard areBytes else {
      throw .unsupported(key: part.path, found: types(parts), known: known)
    }
  }

  private static func types(_ parts: [TokenizerPart]) -> String {
    "[" + parts.map { $0.value["type"]?.text ?? $0.value.beginning }.joined(separator: ", ") + "]"
  }

  private static func splitPattern(_ part: TokenizerPart) throws(TokenizerFault) -> SplitPattern {
    let (behavior, invert) = (try part.member("behavior"), try part.member("invert"))
    // The patterns match all of a text, so that what is kept are the matches in both cases.
    switch (try behavior.text(), try invert.flag()) {
    case ("Isolated", false), ("Removed", true): break
    case ("Isolated", true):
      throw invert.unsupported(Bilingual(it: "false con Isolated", en: "false with Isolated"))
    case ("Removed", false):
      throw invert.unsupported(Bilingual(it: "true con Removed", en: "true with Removed"))
    default: throw behavior.unsupported(Bilingual(same: "Isolated, Removed"))
    }
    let found = try part.member("pattern")
    let regex = try found.optional("Regex")?.text()
    if let pattern = SplitPattern.cutting.first(where: { $0.regex == regex }) { return pattern }
    // What lies between the matches of others is a piece too.
    guard try !invert.flag(), let regex = try found.optional("Regex") else {
      throw found.unsupported(
        Bilingual(
          it: "le espressioni regolari di GPT-2, Llama 3 e Qwen2",
          en: "the regular expressions of GPT-2, Llama 3 and Qwen2"
        )
      )
    }
    return .expression(try regex.expression())
  }
}

/// What a `ByteLevel` says, as pre-tokenizer, post-processor or decoder.
struct ByteLevelFlags {
  let addsPrefixSpace: Bool
  let trimsOffsets: Bool
  let usesRegex: Bool

  /// Only the youngest of the keys may be missing.
  init(_ part: TokenizerPart) throws(TokenizerFault) {
    addsPrefixSpace = try part.member("add_prefix_space").flag()
    trimsOffsets = try part.member("trim_offsets").flag()
    usesRegex = try part.optional("use_regex")?.flag() ?? true
  }
}

// MARK: - Writing

extension BytePairPreTokenizer {
  /// The part as JSON.
  static func json(_ settings: BytePairSettings) -> String {
    let count = settings.patterns.count
    // The pattern of GPT-2 is that of `ByteLevel`, which puts the blank before it cuts.
    let hasOwn = settings.patterns.last == .gpt2 && settings.blankPlace ?? (count - 1) == count - 1
    var parts = settings.patterns.dropLast(hasOwn ? 1 : 0).map(json)
    parts.append(
      byteLevel(
        prefix: settings.blankPlace != nil,
        trims: settings.trimsOffsets,
        cuts: hasOwn
      )
    )
    if let digits = settings.byteDigits { parts.append(json(.digits(digits))) }
    guard parts.count > 1 else { return parts[0] }
    return #"{"type":"Sequence","pretokenizers":[\#(parts.joined(separator: ","))]}"#
  }

  /// A `ByteLevel`, of which decoders have the same keys.
  static func byteLevel(prefix: Bool, trims: Bool, cuts: Bool) -> String {
    JSONText.object([
      ("type", "\"ByteLevel\""), ("add_prefix_space", "\(prefix)"), ("trim_offsets", "\(trims)"),
      ("use_regex", "\(cuts)"),
    ])
  }

  private static func json(_ pattern: SplitPattern) -> String {
    if case .digits(let cut) = pattern {
      return #"{"type":"Digits","individual_digits":\#(cut == .single)}"#
    }
    return JSONText.object([
      ("type", "\"Split\""),
      ("pattern", JSONText.object([("Regex", JSONText.string(pattern.regex ?? ""))])),
      ("behavior", "\"Isolated\""), ("invert", "false"),
    ])
  }
}
