// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// A `.tiktoken` file: a token in base 64 and its rank on each line.
///
/// The file has neither the pattern by which a text is cut nor the special tokens: both follow from
/// which encoding it is, which is told by its name or its number of tokens.
enum TiktokenFile {
  /// An encoding of `tiktoken`, with what its file does not say.
  private struct Encoding {
    let names: [String]

    /// How many ranks the file has, the one that it leaves out included.
    let count: Int
    let pattern: String
    let specials: [(token: String, id: Int)]
  }

  // The patterns as they are written for `tokenizers`: `tiktoken` has other marks for the same.
  private static let encodings = [
    Encoding(
      names: ["r50k_base", "p50k_base"],
      count: 50_256,
      pattern: SplitPattern.gpt2.regex ?? "",
      specials: [("<|endoftext|>", 50_256)]
    ),
    Encoding(
      names: ["p50k_base"],
      // The special token lies between the others.
      count: 50_281,
      pattern: SplitPattern.gpt2.regex ?? "",
      specials: [("<|endoftext|>", 50_256)]
    ),
    Encoding(
      names: ["cl100k_base"],
      count: 100_256,
      pattern: cl100k,
      specials: [
        ("<|endoftext|>", 100_257), ("<|fim_prefix|>", 100_258), ("<|fim_middle|>", 100_259),
        ("<|fim_suffix|>", 100_260), ("<|endofprompt|>", 100_276),
      ]
    ),
    Encoding(
      names: ["o200k_base"],
      count: 199_998,
      pattern: o200k,
      specials: [("<|endoftext|>", 199_999), ("<|endofprompt|>", 200_018)]
    ),
  ]

  /// As Llama 3 cuts, but white space to the end of the text is one piece.
  private static let cl100k =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"#
    + #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s+(?![\s\S])|\s*[\r\n]+|\s+(?!\S)|\s+"#

  private static let o200k =
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"#
    + #"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"#
    + #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"#
    + #"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"#
    + #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// Whether a file of a folder is called as such files are.
  static func isName(_ name: String) -> Bool { name.hasSuffix(".tiktoken") }

  /// Reads the tokenizer of such a file.
  ///
  /// - Throws: `TokenizerFault` if it is none, or that of an encoding that is not known.
  static func tokenizer(
    _ bytes: [UInt8],
    file: String
  ) throws(TokenizerFault) -> BytePairTokenizer {
    let ranks = try ranks(bytes)
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let known = encodings.first { encoding in
      let isCalledSo = encoding.names.contains { name.hasPrefix($0) }
      return encoding.count == ranks.count && (isCalledSo || ranks.count > 100_000)
    }
    guard let encoding = known ?? encodings.first(where: { $0.count == ranks.count }) else {
      throw .otherKind(.unknownTiktoken(count: ranks.count))
    }
    // What is left out is a special token; without another rank its bytes would be lost.
    let specials = Set(encoding.specials.map(\.id))
    if let rank = ranks.indices.first(where: { ranks[$0] == nil && !specials.contains($0) }) {
      throw .tiktokenGap(rank: rank)
    }
    var settings = BytePairSettings(try pattern(encoding.pattern))
    settings.ignoresMerges = true
    let added = encoding.specials.compactMap { token, id in
      TokenID(exactly: id).map { AddedToken(token, id: $0, isSpecial: true) }
    }
    do {
      return try BytePairTokenizer(ranks: ranks, added: added, settings: settings)
    } catch {
      throw .vocabulary(error)
    }
  }

  private static func pattern(_ regex: String) throws(TokenizerFault) -> SplitPattern {
    if let known = SplitPattern.cutting.first(where: { $0.regex == regex }) { return known }
    let part = TokenizerPart(value: .string(regex), path: "pattern")
    return .expression(try part.expression())
  }

  /// The bytes of each token, by rank; nil where a rank has none.
  private static func ranks(_ bytes: [UInt8]) throws(TokenizerFault) -> [[UInt8]?] {
    var tokens: [(token: [UInt8], rank: Int)] = []
    var (lines, taken): ([[UInt8]: Int], [Int: Int]) = ([:], [:])
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      let words = line.split(separator: UInt8(ascii: " "))
        .map { String(decoding: $0, as: UTF8.self).replacing("\r", with: "") }
      if words.allSatisfy(\.isEmpty) { continue }
      guard words.count == 2, let token = Base64.bytes(words[0]), !token.isEmpty,
        let rank = Int(words[1]), (0..<Vocabulary.limit).contains(rank)
      else { throw .tiktokenLine(number: number + 1) }
      if let first = taken.updateValue(number + 1, forKey: rank) {
        throw .tiktokenTwice(String(rank), first: first, number: number + 1)
      }
      if let first = lines.updateValue(number + 1, forKey: token) {
        throw .tiktokenTwice(ByteSpelling.shown(token), first: first, number: number + 1)
      }
      tokens.append((token, rank))
    }
    guard let last = tokens.max(by: { $0.rank < $1.rank }) else { throw .tiktokenLine(number: 1) }
    // An honest file leaves hardly a rank out.
    let count = min(last.rank + 1, tokens.count * 2)
    var ranks = [[UInt8]?](repeating: nil, count: count)
    for (token, rank) in tokens {
      guard rank < count, ranks[rank] == nil else {
        throw .id(token: ByteSpelling.shown(token), count: count)
      }
      ranks[rank] = token
    }
    return ranks
  }
}
