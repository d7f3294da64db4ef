// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime
import PassoText

/// Texts in files of any size, ready to learn from: a tokenizer, and tokens in the cache.
package struct TextCorpus: Sendable {
  /// What a person asks for.
  package struct Request: Hashable, Sendable {
    /// The files, and how texts are taken out of them.
    package var source: TextSource

    /// What a new tokenizer makes a token of; nil for words if the text is short, else byte pairs.
    package var kind: TokenizerKind?

    /// How many tokens a new tokenizer has at most; nil for as many as suit its kind.
    package var vocabularySize: Int?

    /// Positions of a row; nil for as many as the model reads and the text fills.
    package var length: Int?

    /// The part that is kept to test on; nil for a tenth, if the text has it to spare.
    package var keptPart: Double?

    /// Whether whole texts fall into that part; else runs of tokens do.
    package var keepsWholeTexts = false

    /// The tokens that end a text for the model that goes on learning, as its folder says.
    package var ends: [Int] = []

    package init(_ source: TextSource) {
      self.source = source
    }
  }

  /// What was asked for.
  package let request: Request

  /// What makes tokens of the texts.
  package let tokenizer: any Tokenizer

  /// What stands between the texts.
  package let marks: DocumentMarks

  /// The tokens, divided into what is learned from and what is kept apart.
  package let shards: TokenShards

  /// Positions of a row for the model that the texts were opened for.
  private let length: Int

  /// The positions that this model reads.
  private let contextLength: Int

  /// Reads the texts, or finds their tokens in the cache.
  ///
  /// - Parameters:
  ///   - request: Which texts, and how they are divided.
  ///   - objective: What is made a question of; it may need tokens of its own.
  ///   - given: The tokenizer of a model; nil to learn one from the texts.
  ///   - contextLength: The positions that the model reads.
  ///   - reading: Where the cache is, and who waits.
  /// - Returns: The texts; nil if it was told to stop.
  /// - Throws: `TextProblem`, `FileProblem` or `DataProblem`.
  package static func open(
    _ request: Request,
    _ objective: ObjectiveChoice,
    given: (any Tokenizer)?,
    contextLength: Int,
    _ reading: TextReading
  ) throws -> TextCorpus? {
    if let token = objective.options.after { throw DataProblem.afterInBlocks(token) }
    let tokenizer = try given ?? request.tokenizer(for: objective)
    let marks = DocumentMarks(tokenizer, ends: request.ends)
    let continued = try objective.objective(for: tokenizer).continued
    let division = TextDivision(request: request, objective: continued) { split in
      var shards = ShardRequest(request.source, split: split)
      shards.marks = marks
      return try reading.open(shards, tokenizer)
    }
    guard let (shards, length) = try division.shards(contextLength: contextLength) else {
      return nil
    }
    return TextCorpus(
      request: request,
      tokenizer: tokenizer,
      marks: marks,
      shards: shards,
      length: length,
      contextLength: contextLength
    )
  }

  /// What a person should know before anything is learned from these texts.
  package var advice: [TextAdvice] {
    TextAdvice.all(for: request.source, words: tokenizer.kind == .words)
  }

  /// Positions of a row.
  ///
  /// - Parameters:
  ///   - objective: What is made a question of.
  ///   - contextLength: The positions that the model reads.
  /// - Returns: As many as the model reads, or as the text fills.
  package func length(_ objective: any Objective, contextLength: Int) -> Int {
    if contextLength == self.contextLength { return length }
    return min(
      contextLength,
      request.length
        ?? objective.continued.longestRow(
          of: shards.training.count - 1,
          contextLength: contextLength
        )
    )
  }

  /// Whether a tokenizer gives the texts the ids that they have here.
  package func fits(_ other: any Tokenizer) -> Bool {
    TokenizerFile.fingerprint(of: other) == TokenizerFile.fingerprint(of: tokenizer)
  }

  /// The beginning of the texts: enough to look at, and to learn a few merges from.
  ///
  /// - Throws: `FileProblem` if a file can no longer be read, `TextProblem` if it is empty by now.
  package func beginning() throws -> [String] {
    try TextSample(request.source, limit: 1 << 18).texts
  }
}

/// How texts become tokens: where those are kept, and who waits for them.
package struct TextReading {
  private let cache: TextCache?
  private let progress: (ShardProgress) -> Void
  private let shouldStop: () -> Bool

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - cache: Where tokens are kept; nil if nobody says where.
  ///   - progress: Called now and then.
  ///   - shouldStop: Asked now and then; a stop leaves nothing behind.
  package init(
    cache: TextCache?,
    on progress: @escaping (ShardProgress) -> Void = { _ in },
    unless shouldStop: @escaping () -> Bool = { false }
  ) {
    (self.cache, self.progress, self.shouldStop) = (cache, progress, shouldStop)
  }

  /// The texts that names stand for; nil if it was told to stop while it read a pipe.
  ///
  /// - Parameters:
  ///   - names: Files, folders, pipes, or `-` for standard input.
  ///   - form: How texts are taken out of them; its files are these.
  ///   - readsInput: Whether `-` may stand for standard input.
  /// - Returns: The texts, and what a person should know of them; or nil.
  /// - Throws: `FileProblem` or `TextInputProblem`.
  package func inputs(
    _ names: [String],
    form: TextSource = TextSource([]),
    readsInput: Bool = true
  ) throws -> (TextSource, notes: [Bilingual])? {
    let found = try TextInputs(
      names,
      hasField: form.field != nil,
      readsInput: readsInput,
      scratch: cache?.root,
      unless: shouldStop
    )
    guard let found else { return nil }
    var source = form
    source.inputs = found.all
    return (source, found.notes)
  }

  /// The tokens of a text, found or made; nil if it was told to stop.
  ///
  /// - Throws: `TextProblem`, or `FileProblem` if a file of the text cannot be read.
  package func open(
    _ request: ShardRequest,
    _ tokenizer: any Tokenizer
  ) throws -> TokenShards? {
    guard let cache else { throw TextProblem.noCacheFolder }
    return try TokenShards.open(
      request,
      tokenizer: tokenizer,
      fingerprint: TokenizerFile.fingerprint(of: tokenizer),
      cache: cache,
      on: progress,
      unless: shouldStop
    )
  }
}

extension TextCorpus.Request {
  /// More text than this has more different words than a small model can learn.
  private static let wordsLimit = 1 << 20

  private static let usualMerges = 4096

  /// The part that is kept if there is enough text.
  package var usualKeptPart: Double { keptPart ?? 0.1 }

  /// A tokenizer that learns from the beginning of the texts.
  fileprivate func tokenizer(for objective: ObjectiveChoice) throws -> any Tokenizer {
    let isShort = try source.size() <= Self.wordsLimit
    let kind = kind ?? (isShort ? .words : .bytePairs)
    let sample = try TextSample(source)
    var specials = objective.specials
    // What stands only in the rest of the text, or is too rare, has to be something too.
    if kind != .bytePairs, !sample.isWhole || vocabularySize != nil, !specials.contains(.unknown) {
      specials.append(.unknown)
    }
    let size = vocabularySize ?? (kind == .bytePairs ? Self.usualMerges : nil)
    let threads = ProcessorCount.physical
    return try TokenizerLearner(kind: kind, size: size, specials: specials, threads: threads)
      .tokenizer(for: sample.texts)
  }
}

extension Objective {
  /// The longest row that so many tokens and one more fill; never shorter than a question is.
  fileprivate func longestRow(of tokens: Int, contextLength: Int) -> Int {
    let least = Self.shortestRow
    var length = min(contextLength, max(least, tokens))
    while length > least, textLength(ofRow: length) > tokens + 1 { length -= 1 }
    return length
  }
}

/// How a text is divided: the length of rows, and what is kept apart.
private struct TextDivision {
  let request: TextCorpus.Request
  let objective: any Objective
  let open: (TokenSplit) throws -> TokenShards?

  /// Texts so short that they are read twice: once to count their tokens.
  private static let short = 1 << 20

  /// Bytes of a token, about.
  private static let bytesPerToken = 4

  /// Blocks that a text is divided into, at least, so that chance does not decide too much.
  private static let blocks = 64

  /// The tokens, and how many of them make a row; nil if it was told to stop.
  func shards(contextLength: Int) throws -> (TokenShards, length: Int)? {
    let bytes = try request.source.size()
    guard bytes <= Self.short else {
      let length = request.length ?? contextLength
      return try open(split(tokens: bytes / Self.bytesPerToken, length)).map { ($0, length) }
    }
    guard let whole = try open(.none) else { return nil }
    let count = whole.training.count
    // A short text fills a shorter row; one that is to be divided, a much shorter one.
    let most = request.keptPart ?? 0 > 0 ? count / 8 : count - 1
    let length =
      request.length ?? objective.longestRow(of: max(1, most), contextLength: contextLength)
    guard isSplit(count, length) else { return (whole, length) }
    guard var divided = try open(split(tokens: count, length)) else { return nil }
    divided.notes = whole.notes.filter { !divided.notes.contains($0) } + divided.notes
    return (divided, length)
  }

  /// A text of a few sentences has none to spare, unless someone asks.
  private func isSplit(_ count: Int, _ length: Int) -> Bool {
    if let asked = request.keptPart { return asked > 0 }
    return Double(count) * request.usualKeptPart > Double(length)
  }

  private func split(tokens: Int, _ length: Int) -> TokenSplit {
    let fraction = request.usualKeptPart
    guard fraction > 0 else { return .none }
    if request.keepsWholeTexts { return .documents(fraction) }
    return .blocks(fraction, length: max(length + 1, min(4096, tokens / Self.blocks)))
  }
}
