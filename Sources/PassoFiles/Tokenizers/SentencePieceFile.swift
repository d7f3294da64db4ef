// SPDX-License-Identifier: MIT
import PassoData

/// The `tokenizer.model` of sentencepiece, a protocol buffer.
///
/// Format: https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto.
enum SentencePieceFile {
  /// The tokenizer of a file.
  ///
  /// - Throws: `TokenizerFault` if it is none, or one that does what is not done here.
  static func tokenizer(_ bytes: [UInt8]) throws(TokenizerFault) -> SentencePieceTokenizer {
    let model = try model(bytes)
    let unknown = model.pieces.indices.filter { model.pieces[$0].kind == .unknown }
    guard unknown.count == 1, let id = TokenID(exactly: unknown[0]) else {
      throw .missing(key: "<unk>")
    }
    do {
      return try SentencePieceTokenizer(model, unknown: id, source: bytes)
    } catch {
      throw .vocabulary(error)
    }
  }

  private static func model(_ bytes: [UInt8]) throws(TokenizerFault) -> SentencePieceModel {
    var model = SentencePieceModel()
    try ProtocolBuffer.read(bytes[...]) { (field) throws(TokenizerFault) in
      switch field.number {
      case 1:
        // Two bytes are a piece already: more than a vocabulary holds are not even kept.
        guard model.pieces.count < Vocabulary.limit else {
          throw .otherKind(.brokenSentencePiece)
        }
        model.pieces.append(try piece(field.bytes))
      case 2: try readTraining(field.bytes, &model)
      case 3: try readCleaning(field.bytes, &model.cleaning)
      case 5:
        // What is done to a decoded text.
        try ProtocolBuffer.read(field.bytes) { (field) throws(TokenizerFault) in
          guard field.number != 2 || field.bytes.isEmpty else {
            throw .otherKind(.sentencePieceDenormalizer)
          }
        }
      default: break
      }
    }
    let bytes = Set(model.pieces.filter { $0.kind == .byte }.map(\.text))
    let all = Set((UInt8.min...UInt8.max).map { Array(ByteToken.spelling($0).utf8) })
    // As sentencepiece has it: all of them, or none.
    guard model.fallsBack ? bytes == all : bytes.isEmpty else {
      throw .otherKind(.sentencePieceBytes)
    }
    return model
  }

  private static func readTraining(
    _ bytes: ArraySlice<UInt8>,
    _ model: inout SentencePieceModel
  ) throws(TokenizerFault) {
    try ProtocolBuffer.read(bytes) { (setting) throws(TokenizerFault) in
      switch setting.number {
      case 3:
        guard let kind = SentencePieceModel.Kind(rawValue: setting.value) else {
          throw .otherKind(.brokenSentencePiece)
        }
        model.kind = kind
      case 24: model.cleaning.endsWithMark = setting.value != 0
      case 35: model.fallsBack = setting.value != 0
      case 44:
        // It is written for each unknown piece.
        guard setting.bytes.count <= Vocabulary.longestToken else {
          throw .otherKind(.brokenSentencePiece)
        }
        model.unknownText = Array(setting.bytes)
      default: break
      }
    }
  }

  private static func readCleaning(
    _ bytes: ArraySlice<UInt8>,
    _ cleaning: inout SentencePieceCleaning
  ) throws(TokenizerFault) {
    try ProtocolBuffer.read(bytes) { (setting) throws(TokenizerFault) in
      switch setting.number {
      case 2 where !setting.bytes.isEmpty:
        guard let map = PrecompiledMap(Array(setting.bytes)) else {
          throw .otherKind(.brokenSentencePiece)
        }
        cleaning.map = map
      case 3: cleaning.addsBlank = setting.value != 0
      case 4: cleaning.removesBlanks = setting.value != 0
      case 5: cleaning.marksBlanks = setting.value != 0
      default: break
      }
    }
  }

  private static func piece(
    _ bytes: ArraySlice<UInt8>
  ) throws(TokenizerFault) -> SentencePieceModel.Piece {
    var piece = SentencePieceModel.Piece(text: [], score: 0, kind: .normal)
    try ProtocolBuffer.read(bytes) { (field) throws(TokenizerFault) in
      switch field.number {
      case 1:
        guard String(validating: field.bytes, as: UTF8.self) != nil else {
          throw .otherKind(.brokenSentencePiece)
        }
        piece.text = Array(field.bytes)
      case 2: piece.score = Float(bitPattern: UInt32(truncatingIfNeeded: field.value))
      case 3: piece.kind = SentencePieceModel.PieceKind(rawValue: field.value) ?? .normal
      default: break
      }
    }
    return piece
  }
}
