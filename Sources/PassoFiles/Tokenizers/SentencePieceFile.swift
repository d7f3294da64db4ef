// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `tokenizer.model` of sentencepiece, a protocol buffer, as the `tokenizer.json` that
/// `transformers` makes of it.
///
/// Format: https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto.
struct SentencePieceFile {
  private enum Kind: Int {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  private var pieces: [(text: String, score: Double, kind: Kind)] = []
  private var isPairs = false
  private var fallsBack = false
  private var addsPrefix = true
  private var removesSpaces = true
  private var escapesSpaces = true
  private var endsWithSpaces = false
  private var map: [UInt8] = []

  /// The bytes of a `tokenizer.json` that does the same.
  ///
  /// - Throws: `TokenizerFault` if it is none, or one of a kind that is not read.
  static func json(_ bytes: [UInt8]) throws(TokenizerFault) -> [UInt8] {
    var file = SentencePieceFile()
    try file.read(bytes)
    return Array(try file.document().utf8)
  }

  // MARK: Reading

  private mutating func read(_ bytes: [UInt8]) throws(TokenizerFault) {
    var type = 1
    for field in try ProtocolBuffer.fields(bytes[...]) {
      switch field.number {
      case 1: pieces.append(try Self.piece(field.bytes))
      case 2:
        for setting in try ProtocolBuffer.fields(field.bytes) {
          if setting.number == 3 { type = setting.value }
          if setting.number == 24 { endsWithSpaces = setting.value != 0 }
          if setting.number == 35 { fallsBack = setting.value != 0 }
        }
      case 3:
        for setting in try ProtocolBuffer.fields(field.bytes) {
          switch setting.number {
          case 2: map = Array(setting.bytes)
          case 3: addsPrefix = setting.value != 0
          case 4: removesSpaces = setting.value != 0
          case 5: escapesSpaces = setting.value != 0
          default: break
          }
        }
      default: break
      }
    }
    guard type == 1 || type == 2, escapesSpaces, !endsWithSpaces, !pieces.isEmpty else {
      throw .otherKind(.sentencePieceWords)
    }
    // Symbols of its own and a map work across what stands beside them, added tokens do not.
    let hasSymbols = pieces.contains { $0.kind == .userDefined }
    guard !removesSpaces, !hasSymbols, map.isEmpty else {
      throw .otherKind(.sentencePieceSpaces)
    }
    isPairs = type == 2
  }

  private static func piece(
    _ bytes: ArraySlice<UInt8>
  ) throws(TokenizerFault) -> (text: String, score: Double, kind: Kind) {
    var (text, score, kind) = ("", 0.0, Kind.normal)
    for field in try ProtocolBuffer.fields(bytes) {
      switch field.number {
      case 1: text = String(decoding: field.bytes, as: UTF8.self)
      case 2: score = Double(Float(bitPattern: UInt32(truncatingIfNeeded: field.value)))
      case 3: kind = Kind(rawValue: field.value) ?? .normal
      default: break
      }
    }
    return (text, score, kind)
  }

  // MARK: As a tokenizer.json

  private func document() throws(TokenizerFault) -> String {
    let unknown = pieces.firstIndex { $0.kind == .unknown }
    guard let unknown else { throw .missing(key: "<unk>") }
    let added = pieces.enumerated().filter { _, piece in
      [.unknown, .control, .userDefined].contains(piece.kind)
    }
    .compactMap { id, piece in
      TokenID(exactly: id).map {
        AddedToken(piece.text, id: $0, isSpecial: piece.kind != .userDefined)
      }
    }
    return JSONText.object([
      ("version", "\"1.0\""), ("truncation", "null"), ("padding", "null"),
      ("added_tokens", AddedTokenList.json(added)), ("normalizer", normalizer),
      // Pairs join across blanks, which a cut would prevent; pieces of unigrams never do.
      ("pre_tokenizer", "null"), ("post_processor", "null"), ("decoder", decoder),
      ("model", isPairs ? pairs(unknown) : unigram(unknown)),
    ])
  }

  private var normalizer: String {
    var parts: [String] = []
    if !map.isEmpty {
      parts.append(
        JSONText.object([
          ("type", "\"Precompiled\""), ("precompiled_charsmap", JSONText.string(Base64.text(map))),
        ])
      )
    }
    if addsPrefix { parts.append(#"{"type":"Prepend","prepend":"\#u{2581}"}"#) }
    parts.append(
      #"{"type":"Replace","pattern":{"String":" "},"content":"\#u{2581}"}"#
    )
    return #"{"type":"Sequence","normalizers":[\#(parts.joined(separator: ","))]}"#
  }

  private var decoder: String {
    let parts = [
      #"{"type":"Replace","pattern":{"String":"\#u{2581}"},"content":" "}"#,
      #"{"type":"ByteFallback"}"#, #"{"type":"Fuse"}"#,
      addsPrefix ? #"{"type":"Strip","content":" ","start":1,"stop":0}"# : nil,
    ]
    return #"{"type":"Sequence","decoders":[\#(parts.compactMap(\.self).joined(separator: ","))]}"#
  }

  private func unigram(_ unknown: Int) -> String {
    let vocabulary = pieces.map { piece in
      "[\(JSONText.string(piece.text)),\(piece.kind == .normal ? piece.score : 0)]"
    }
    return JSONText.object([
      ("type", "\"Unigram\""), ("unk_id", "\(unknown)"), ("byte_fallback", "\(fallsBack)"),
      ("vocab", JSONText.list(vocabulary)),
    ])
  }

  /// All ways in which two pieces are a third, by its rank: as `transformers` finds merges.
  private func pairs(_ unknown: Int) -> String {
    var ids: [String: Int] = [:]
    for (id, piece) in pieces.enumerated() { ids[piece.text] = id }
    var merges: [(left: Int, right: Int, score: Double)] = []
    for piece in pieces where piece.kind == .normal {
      let scalars = Array(piece.text.unicodeScalars)
      for cut in 1..<max(1, scalars.count) {
        let left = String(String.UnicodeScalarView(scalars[..<cut]))
        let right = String(String.UnicodeScalarView(scalars[cut...]))
        if let left = ids[left], let right = ids[right] {
          merges.append((left, right, piece.score))
        }
      }
    }
    let ranked = merges.enumerated().sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }
    let names = pieces.map { JSONText.string($0.text) }
    let vocabulary = names.enumerated().map { "\($0.element):\($0.offset)" }
    return JSONText.object([
      ("type", "\"BPE\""), ("dropout", "null"), ("unk_token", names[unknown]),
      ("continuing_subword_prefix", "null"), ("end_of_word_suffix", "null"),
      ("fuse_unk", "true"), ("byte_fallback", "\(fallsBack)"), ("ignore_merges", "false"),
      ("vocab", "{" + vocabulary.joined(separator: ",") + "}"),
      (
        "merges",
        JSONText.list(ranked.map { "[\(names[$0.element.left]),\(names[$0.element.right])]" })
      ),
    ])
  }
}

/// The wire format of protocol buffers.
enum ProtocolBuffer {
  struct Field {
    let number: Int

    /// A number, or the bits of one.
    var value = 0

    /// A text or a message.
    var bytes: ArraySlice<UInt8> = []
  }

  /// The fields of a message, in order.
  static func fields(_ bytes: ArraySlice<UInt8>) throws(TokenizerFault) -> [Field] {
    var (fields, rest): ([Field], ArraySlice<UInt8>) = ([], bytes)
    while !rest.isEmpty {
      guard let tag = varint(&rest), let number = Int(exactly: tag >> 3), number > 0 else {
        throw .otherKind(.brokenSentencePiece)
      }
      var field = Field(number: number)
      switch tag & 7 {
      case 0:
        guard let value = varint(&rest) else { throw .otherKind(.brokenSentencePiece) }
        field.value = Int(truncatingIfNeeded: value)
      case 1, 5:
        let size = tag & 7 == 1 ? 8 : 4
        guard rest.count >= size else { throw .otherKind(.brokenSentencePiece) }
        let bits = rest.prefix(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        field.value = Int(truncatingIfNeeded: bits)
        rest = rest.dropFirst(size)
      case 2:
        guard let size = varint(&rest), size <= UInt64(rest.count) else {
          throw .otherKind(.brokenSentencePiece)
        }
        field.bytes = rest.prefix(Int(size))
        rest = rest.dropFirst(Int(size))
      default: throw .otherKind(.brokenSentencePiece)
      }
      fields.append(field)
    }
    return fields
  }

  private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while let byte = bytes.popFirst(), shift < 64 {
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
