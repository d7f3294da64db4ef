// SPDX-License-Identifier: MIT

/// A tokenizer of sentencepiece, with the ids and the texts that sentencepiece itself gives.
///
/// Control pieces, which sentencepiece does not look for, are found in a text as the special tokens
/// of `transformers` are, and what lies between two of them is a text of its own.
/// Source: https://github.com/google/sentencepiece.
package struct SentencePieceTokenizer: Tokenizer {
  typealias Text = UnsafeBufferPointer<UInt8>

  private let stages: SentencePieceStages

  /// For the parts of a text that get no blank in front; nil if each part gets what the first does.
  private let unblanked: SentencePieceStages?
  private let finder: AddedTokenFinder
  private let others: OtherPieces
  private let memories = IdleWorkers<PieceMemory>()
  package let template: TextTemplate

  /// The file, for whoever writes it again.
  package let source: [UInt8]

  /// - Parameters:
  ///   - model: What the file holds.
  ///   - unknown: The id of the unknown piece.
  ///   - source: The file.
  /// - Throws: `DataProblem` if a piece is empty, too long or comes twice, or one that spells a
  ///   byte is not there.
  package init(
    _ model: SentencePieceModel,
    unknown: TokenID,
    source: [UInt8]
  ) throws(DataProblem) {
    let stages = try SentencePieceStages(model, unknown: unknown)
    self.init(
      stages,
      source,
      SentencePieceManner(),
      finding: model.pieces.enumerated().compactMap { id, piece in
        guard [.control, .unknown].contains(piece.kind) else { return nil }
        let text = String(decoding: piece.text, as: UTF8.self)
        return AddedToken(text, id: TokenID(id), isSpecial: true)
      }
    )
  }

  private init(
    _ stages: SentencePieceStages,
    _ source: [UInt8],
    _ manner: SentencePieceManner,
    finding controls: [AddedToken],
    readingSpecials: Bool = true
  ) {
    (self.stages, self.source, self.manner) = (stages, source, manner)
    (self.controls, template) = (controls, manner.template)
    others = OtherPieces(manner.added)
    unblanked = manner.blanks == .each ? nil : SentencePieceStages(stages, blanks: false)
    let taken = Set(manner.added.map(\.id))
    let all = controls.filter { !taken.contains($0.id) } + manner.added
    finder = AddedTokenFinder(all.filter { readingSpecials || !$0.isSpecial })
  }

  private let controls: [AddedToken]

  /// What the files beside the model say.
  package let manner: SentencePieceManner

  /// Whether they say anything.
  package var isCompleted: Bool {
    manner.blanks != .each || !manner.cleans || !manner.added.isEmpty
  }

  /// The same tokenizer with what stands in the files beside the model.
  package func completed(_ manner: SentencePieceManner) -> SentencePieceTokenizer {
    var manner = manner
    // What the model does not do need not be left out.
    manner.cleans = manner.cleans || stages.cleansNothing
    let stages = manner.cleans ? stages : SentencePieceStages(uncleaned: stages)
    return SentencePieceTokenizer(stages, source, manner, finding: controls)
  }

  package var readingSpecialsAsText: any Tokenizer {
    SentencePieceTokenizer(stages, source, manner, finding: controls, readingSpecials: false)
  }

  package var kind: TokenizerKind { .pieces }

  package var vocabularySize: Int { max(stages.table.count, others.end) }

  /// Whether a model of byte pairs can be taken for one of `tokenizers`, bytes included.
  package var isBytePairs: Bool { stages.isBytePairs }

  /// Pieces that are never cut, as tokens that are found before anything is cut.
  package var symbols: [AddedToken] {
    stages.table.kinds.indices.filter { stages.table.kinds[$0] == .userDefined }.compactMap { id in
      spelling(of: TokenID(id)).map { AddedToken($0, id: TokenID(id), isSpecial: false) }
    }
  }

  /// Whether a token is a piece that was found in a text already.
  package func isControl(_ token: AddedToken) -> Bool {
    guard (0..<pieceCount).contains(Int(token.id)) else { return false }
    let kind = stages.table.kinds[Int(token.id)]
    return [.control, .unknown].contains(kind)
      && stages.table.spelling(of: token.id).elementsEqual(token.bytes)
  }

  /// How many pieces the model has.
  package var pieceCount: Int { stages.table.count }

  package var cuts: TextCuts { .nowhere }

  package func id(of token: SpecialToken) -> TokenID? {
    token == .unknown ? stages.table.unknown : id(ofControl: token.rawValue)
  }

  /// The id of a control piece.
  package func id(ofControl text: String) -> TokenID? {
    let bytes = Array(text.utf8)
    if let added = manner.added.first(where: { $0.bytes == bytes }) { return added.id }
    return bytes.withUnsafeBufferPointer { stages.control($0) }
  }

  /// How the file spells a piece; nil if no piece has this id.
  package func spelling(of id: TokenID) -> String? {
    if let token = others[id] { return token.content }
    guard (0..<pieceCount).contains(Int(id)) else { return nil }
    return String(decoding: stages.table.spelling(of: id), as: UTF8.self)
  }

  package func token(of id: TokenID) -> String? {
    guard let text = spelling(of: id) else { return nil }
    if others[id] != nil { return text.printable }
    switch stages.table.kinds[Int(id)] {
    case .control, .unknown, .byte: return text.printable
    default: return ByteSpelling.shown(Array(text.replacing("\u{2581}", with: " ").utf8))
    }
  }

  // MARK: To ids

  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    var (text, ids): (String, [TokenID]) = (text, [])
    let result = text.withUTF8 { bytes in
      Result { () throws(DataProblem) in try encode(bytes, into: &ids) }
    }
    try result.get()
    return ids
  }

  package func encode(
    _ text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    let memory = memories.take() ?? PieceMemory()
    defer { memories.put(memory) }
    var room = GrowthRoom(text.count)
    try finder.parts(of: text) { (part) throws(DataProblem) in
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        let part = Text(rebasing: text[range])
        let stages = isBlanked(part, range.lowerBound) ? stages : unblanked ?? stages
        let cleaned = try stages.cleaned(part, in: &room)
        cleaned.withUnsafeBufferPointer { stages.append($0, to: &ids, remembering: memory) }
      }
    }
  }

  /// Whether a part of a text gets a blank in front, as far as the model puts one.
  private func isBlanked(_ part: Text, _ place: Int) -> Bool {
    switch manner.blanks {
    case .each: true
    case .none: false
    case .missing: !stages.beginsWithBlank(part)
    case .first: place == 0 && !stages.beginsWithBlank(part)
    }
  }

  // MARK: Back to text

  /// The text of the ids; control pieces stand for none, unless they are kept.
  package func decode(
    _ ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> String {
    try check(ids)
    let ids = keepingSpecials ? ids : ids.filter { !(others[$0]?.isSpecial ?? false) }
    guard keepingSpecials || !others.isEmpty else { return text(of: ids[...], at: 0) }
    var (text, start) = ("", 0)
    for (place, id) in ids.enumerated() where isAlone(id, keepingSpecials) {
      text += self.text(of: ids[start..<place], at: start) + (spelling(of: id) ?? "")
      start = place + 1
    }
    return text + self.text(of: ids[start...], at: start)
  }

  /// Whether an id stands for its spelling, and what follows is a text of its own.
  private func isAlone(_ id: TokenID, _ keepsSpecials: Bool) -> Bool {
    if others[id] != nil { return true }
    guard Int(id) < pieceCount else { return true }
    return keepsSpecials && stages.table.kinds[Int(id)] == .control
  }

  private func text(of ids: ArraySlice<TokenID>, at place: Int) -> String {
    let isBlanked = place == 0 ? manner.blanks != .none : manner.blanks != .first
    return (isBlanked ? stages : unblanked ?? stages).text(of: ids)
  }
}

/// What a model of sentencepiece does, step by step.
final class SentencePieceStages: Sendable {
  typealias Text = UnsafeBufferPointer<UInt8>

  let table: PieceTable
  private let kind: SentencePieceModel.Kind
  private let cleaning: SentencePieceCleaning
  private let unigram: SentencePieceUnigram?
  private let unknownText: [UInt8]

  // By byte, the id of `<0x0A>`; nil without byte fallback.
  private let byteIDs: [TokenID]?

  init(_ model: SentencePieceModel, unknown: TokenID) throws(DataProblem) {
    table = try PieceTable(model.pieces, unknown: unknown)
    (kind, cleaning) = (model.kind, model.cleaning)
    unknownText = model.unknownText
    unigram =
      kind == .unigram ? SentencePieceUnigram(model.pieces, unknown: unknown) : nil
    byteIDs = model.fallsBack ? Self.byteIDs(table) : nil
  }

  /// The same, with or without a blank where words begin.
  init(_ other: SentencePieceStages, blanks: Bool) {
    var cleaning = other.cleaning
    cleaning.addsBlank = cleaning.addsBlank && blanks
    (table, kind, unknownText) = (other.table, other.kind, other.unknownText)
    (unigram, byteIDs, self.cleaning) = (other.unigram, other.byteIDs, cleaning)
  }

  /// The same, but a text stays as it is, with a blank in front.
  init(uncleaned other: SentencePieceStages) {
    (table, kind, unknownText) = (other.table, other.kind, other.unknownText)
    (unigram, byteIDs, cleaning) = (other.unigram, other.byteIDs, SentencePieceCleaning.none)
  }

  var isBytePairs: Bool { kind == .bytePairs && byteIDs != nil }

  var cleansNothing: Bool { cleaning.isNone }

  /// Whether a text begins with what a blank in front of it would be.
  func beginsWithBlank(_ text: Text) -> Bool {
    text.first == 0x20 || text.starts(with: SentencePieceCleaning.mark)
  }

  private static func byteIDs(_ table: PieceTable) -> [TokenID] {
    (UInt8.min...UInt8.max).map { byte in
      Array(ByteToken.spelling(byte).utf8).withUnsafeBufferPointer { table.id(of: $0) }
    }
  }

  func control(_ text: Text) -> TokenID? {
    let id = table.id(of: text)
    return table.kinds[Int(id)] == .control ? id : nil
  }

  // MARK: To ids

  /// A text as it is cut.
  ///
  /// - Throws: `DataProblem` if it becomes longer than there is room for.
  func cleaned(_ text: Text, in room: inout GrowthRoom) throws(DataProblem) -> [UInt8] {
    try cleaning.cleaned(text, keeping: table.symbols, in: &room)
  }

  /// Appends the ids of a cleaned text.
  func append(_ text: Text, to ids: inout [TokenID], remembering memory: PieceMemory) {
    let start = ids.count
    switch kind {
    case .unigram: unigram?.pieces(of: text) { append($0, $1, to: &ids) }
    case .bytePairs: appendPairs(text, to: &ids, memory)
    case .words:
      for word in Self.marked(text, everyMark: true) {
        append(Text(rebasing: text[word]), to: &ids)
      }
    case .characters:
      var place = 0
      while place < text.count {
        let end =
          table.symbols.end(of: text, from: place)
          ?? min(text.count, place + UTF8.width(ofLead: text[place]))
        append(Text(rebasing: text[place..<end]), to: &ids)
        place = end
      }
    }
    if byteIDs == nil { fuseUnknown(&ids, from: start) }
  }

  private func appendPairs(_ text: Text, to ids: inout [TokenID], _ memory: PieceMemory) {
    guard table.beginsWithMarks else {
      var pairs = SentencePiecePairs(text, table)
      return pairs.pieces { append($0, to: &ids) }
    }
    for word in Self.marked(text, everyMark: false) {
      memory.append(text, word, to: &ids) { word, ids in
        var pairs = SentencePiecePairs(word, table)
        pairs.pieces { append($0, to: &ids) }
      }
    }
  }

  private func append(_ piece: Text, to ids: inout [TokenID]) {
    append(piece, table.textPiece(piece) ?? table.unknown, to: &ids)
  }

  private func append(_ piece: Text, _ id: TokenID, to ids: inout [TokenID]) {
    if id == table.unknown, let byteIDs {
      for byte in piece { ids.append(byteIDs[Int(byte)]) }
    } else {
      ids.append(id)
    }
  }

  /// Unknown pieces beside each other are one.
  private func fuseUnknown(_ ids: inout [TokenID], from start: Int) {
    var end = start
    for place in start..<ids.count {
      if ids[place] == table.unknown, end > start, ids[end - 1] == table.unknown { continue }
      ids[end] = ids[place]
      end += 1
    }
    ids.removeSubrange(end...)
  }

  /// The parts of a text that begin with a mark: with every one, or with the first of several.
  private static func marked(_ text: Text, everyMark: Bool) -> [Range<Int>] {
    let mark = SentencePieceCleaning.mark
    var (parts, start, place, isAfterMark): ([Range<Int>], Int, Int, Bool) = ([], 0, 0, false)
    while place < text.count {
      let isMark = text[place] == mark[0] && text[place...].starts(with: mark)
      if isMark, place > start, everyMark || !isAfterMark {
        parts.append(start..<place)
        start = place
      }
      isAfterMark = isMark
      place += isMark ? mark.count : 1
    }
    if start < text.count { parts.append(start..<text.count) }
    return parts
  }

  // MARK: Back to text

  /// The text of some ids, as sentencepiece gives it.
  func text(of ids: ArraySlice<TokenID>) -> String {
    var (text, run): ([UInt8], [UInt8]) = ([], [])
    // A mark at the beginning is the one that was put there.
    let drops = cleaning.addsBlank || cleaning.removesBlanks
    var isStart = true
    var hasDropped = false
    for id in ids {
      let kind = table.kinds[Int(id)]
      let piece = table.spelling(of: id)
      if kind == .byte, let byte = ByteToken.byte(piece) {
        run.append(byte)
        continue
      }
      text += UTF8.mended(run)
      run = []
      if hasDropped || !text.isEmpty { isStart = false }
      hasDropped = false
      switch kind {
      case .control: break
      case .unknown: text += unknownText
      default:
        var rest = piece
        if isStart, drops, rest.starts(with: SentencePieceCleaning.mark) {
          rest = rest.dropFirst(SentencePieceCleaning.mark.count)
          // Where blanks are removed, those of the next piece go as well.
          hasDropped = !cleaning.removesBlanks
        }
        text += String(decoding: rest, as: UTF8.self).replacing("\u{2581}", with: " ").utf8
      }
    }
    return String(decoding: text + UTF8.mended(run), as: UTF8.self)
  }
}
