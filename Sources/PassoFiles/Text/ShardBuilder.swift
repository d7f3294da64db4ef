// SPDX-License-Identifier: MIT

import Glibc
import PassoData
import PassoRuntime
import PassoText

/// Makes tokens of texts and writes them, in memory that does not grow with the texts.
struct ShardBuilder {
  private let request: ShardRequest
  private let tokenizer: any Tokenizer
  private let folder: String
  private let rule: SplitRule
  private let marks: DocumentMarks

  private var training: PartWriter
  private var heldOut: PartWriter
  private var ids: [Int32] = []

  // Units are texts or blocks, as the split says.
  private var units = 0
  private var keys = (least: UInt64.max, greatest: UInt64.min)
  private var isHeldOut = false
  private var blockRoom = 0

  /// What came of a pass over the texts.
  enum Outcome {
    /// Both parts, complete.
    case done(ShardManifest.Part, heldOut: ShardManifest.Part, TextTally, hashes: [UInt64])
    /// One part of so many units is empty; with this rule neither is.
    case again(SplitRule, units: Int)
    /// It was told to stop.
    case stopped
  }

  init(
    _ request: ShardRequest,
    _ tokenizer: any Tokenizer,
    folder: String,
    rule: SplitRule
  ) {
    self.request = request
    self.tokenizer = tokenizer
    self.folder = folder
    self.rule = rule
    marks = request.marks ?? DocumentMarks(tokenizer)
    let (size, limit) = (tokenizer.vocabularySize, request.shardTokens)
    training = PartWriter("\(folder)/train", vocabularySize: size, shardTokens: limit)
    heldOut = PartWriter("\(folder)/held", vocabularySize: size, shardTokens: limit)
  }

  /// Reads the texts once.
  mutating func run(
    on progress: (Int) -> Void,
    unless shouldStop: () -> Bool
  ) throws -> Outcome {
    var reader = TextReader(request.source, cuts: tokenizer.cuts)
    var bytes = 0
    let isDone = try reader.read(unless: shouldStop) { piece in
      try add(piece)
      bytes += piece.bytes.count
      if bytes >= 1 << 20 {
        progress(bytes)
        bytes = 0
      }
    }
    guard isDone else { return .stopped }
    try end()
    guard training.count + heldOut.count > 0 else {
      throw TextProblem.noText(reader.tally, in: request.source)
    }
    if request.split.fraction > 0, training.count == 0 || heldOut.count == 0 {
      guard units > 1 else { throw TextProblem.cannotSplit(request.split, units: units) }
      training.discard()
      heldOut.discard()
      return .again(rule.filling(least: keys.least, greatest: keys.greatest), units: units)
    }
    return .done(
      try training.finish(),
      heldOut: try heldOut.finish(),
      reader.tally,
      hashes: reader.hashes
    )
  }

  private mutating func add(_ piece: TextPiece) throws {
    ids.removeAll(keepingCapacity: true)
    if piece.isFirst {
      if case .documents = request.split { nextUnit() }
      ids += marks.before
      // A text that begins with a new block belongs to the new block.
      let isAtEnd = request.split.blockLength > 0 && blockRoom == 0
      if isAtEnd { nextBlock() }
      if isHeldOut { heldOut.documents += 1 } else { training.documents += 1 }
    }
    do throws(DataProblem) {
      if piece.isFirst {
        try tokenizer.encode(piece.bytes, into: &ids)
      } else {
        try tokenizer.encode(continuing: piece.bytes, into: &ids)
      }
    } catch {
      let isPlace = request.source.unit == .line || request.source.field != nil
      throw TextProblem.encoding(
        error,
        file: request.source.inputs[piece.file].name,
        line: isPlace ? piece.line : nil
      )
    }
    if piece.isLast { ids += marks.after }
    try write(ids[...])
  }

  /// The start token after the last text of each part, which nothing else would end.
  private mutating func end() throws {
    guard marks.after.isEmpty, training.documents + heldOut.documents > 0 else { return }
    let start = marks.before[...]
    if request.split.blockLength > 0 { return try write(start) }
    for kept in [false, true] where (kept ? heldOut : training).count > 0 {
      isHeldOut = kept
      try write(start)
    }
  }

  private mutating func write(_ ids: ArraySlice<Int32>) throws(FileProblem) {
    guard request.split.blockLength > 0 else { return try writeToPart(ids) }
    var rest = ids
    while !rest.isEmpty {
      if blockRoom == 0 { nextBlock() }
      let part = rest.prefix(blockRoom)
      try writeToPart(part)
      blockRoom -= part.count
      rest = rest.dropFirst(part.count)
    }
  }

  private mutating func writeToPart(_ ids: ArraySlice<Int32>) throws(FileProblem) {
    if isHeldOut { try heldOut.write(ids) } else { try training.write(ids) }
  }

  private mutating func nextBlock() {
    nextUnit()
    blockRoom = request.split.blockLength
  }

  private mutating func nextUnit() {
    let key = rule.key(units)
    units += 1
    keys = (min(keys.least, key), max(keys.greatest, key))
    isHeldOut = rule.keeps(key)
  }
}

/// The files of one part of a text.
private struct PartWriter {
  /// Texts that begin in this part.
  var documents = 0

  /// The number of tokens so far.
  private(set) var count = 0

  private let prefix: String
  private let width: Int
  private let shardTokens: Int
  private var frequencies: [Int]
  private var shards: [ShardManifest.Shard] = []
  private var shard: ShardWriter?

  init(_ prefix: String, vocabularySize: Int, shardTokens: Int) {
    self.prefix = prefix
    width = ShardRequest.width(vocabularySize: vocabularySize)
    self.shardTokens = shardTokens
    frequencies = [Int](repeating: 0, count: vocabularySize)
  }

  mutating func write(_ ids: ArraySlice<Int32>) throws(FileProblem) {
    for id in ids { frequencies[Int(id)] += 1 }
    count += ids.count
    var rest = ids
    while !rest.isEmpty {
      let shard = try openShard()
      let part = rest.prefix(shardTokens - shard.count)
      try shard.write(part)
      rest = rest.dropFirst(part.count)
      if shard.count == shardTokens { try close() }
    }
  }

  private mutating func openShard() throws(FileProblem) -> ShardWriter {
    if let shard { return shard }
    let new = try ShardWriter(path: path, width: width)
    shard = new
    return new
  }

  /// Removes all files.
  mutating func discard() {
    shard = nil
    for number in 0...shards.count { unlink(path(number)) }
    shards = []
  }

  private var path: String { path(shards.count) }

  private func path(_ number: Int) -> String { "\(prefix)-\(number).tokens" }

  private mutating func close() throws(FileProblem) {
    guard let shard else { return }
    let header = try shard.finish()
    var closed = ShardManifest.Shard()
    closed.name = path.lastName
    (closed.tokens, closed.checksum) = (header.count, header.checksum)
    shards.append(closed)
    self.shard = nil
  }

  mutating func finish() throws(FileProblem) -> ShardManifest.Part {
    try close()
    var part = ShardManifest.Part()
    (part.tokens, part.documents) = (count, documents)
    (part.entropy, part.shards) = (entropy, shards)
    return part
  }

  /// In nats; what a model pays that knows nothing but how often each token comes.
  private var entropy: Double {
    frequencies.reduce(0) { sum, times in
      guard times > 0 else { return sum }
      let share = Double(times) / Double(count)
      return sum - share * Double.logarithm(share)
    }
  }
}
