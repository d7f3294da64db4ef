// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoText

/// What a model learns from, and what it is tested on.
package struct TrainingData: Sendable {
  package let training: any BatchSource

  /// Batches that the model never learns from; nil if there are too few tokens to spare.
  package let validation: TokenBlocks?

  package let batch: BatchShape
  package let mask: MaskKind

  /// Tells one set of data from another.
  package let fingerprint: UInt64

  /// Prepared rows, the same in every update.
  ///
  /// - Throws: `TrainingProblem` if there is nothing to learn, or the rounds do not divide the rows.
  package init(_ file: TokensFile, rounds: Int) throws(TrainingProblem) {
    guard let targets = file.targets, let rows = file.batch else { throw .noTargets }
    guard targets.joined().contains(where: { $0 != ignoredTarget }) else { throw .nothingCounts }
    guard file.inputs.count.isMultiple(of: rounds) else {
      throw .unevenRounds(rounds, rows: file.inputs.count)
    }
    let (inputs, wanted) = (file.inputs.flatMap(\.self), targets.flatMap(\.self))
    training = FixedBatch(rows, rounds: rounds)
    validation = nil
    batch = BatchShape(rows: file.inputs.count / rounds, length: file.inputs[0].count)
    mask = file.attention == .causal ? .causal : .none
    fingerprint = Self.hash(inputs + wanted)
  }

  /// The tokens of a text in files, in batches that do not depend on where they were made.
  ///
  /// - Parameters:
  ///   - shards: The tokens, divided already.
  ///   - batch: Rows and positions of one round.
  ///   - seed: Decides the order of the blocks, and what is hidden.
  ///   - objective: What is made a question of.
  ///   - mask: What a position may look at.
  /// - Throws: `TrainingProblem.rowTooShort` if a row has no room for a question, `.tooShort` if
  ///   the tokens do not fill one block.
  package init(
    _ shards: TokenShards,
    batch: BatchShape,
    seed: UInt64,
    objective: any Objective,
    mask: MaskKind
  ) throws(TrainingProblem) {
    let tokens = shards.training
    let (rows, length) = (batch.rows, batch.length)
    let shortest = type(of: objective).shortestRow
    guard length >= shortest else {
      throw .rowTooShort(length, needed: shortest, objective: objective.name)
    }
    let needed = objective.continued.textLength(ofRow: length)
    guard tokens.count >= needed else {
      throw .tooShort(tokens: tokens.count, needed: needed)
    }
    func blocks(_ tokens: any TokenStore, _ seed: UInt64) -> TokenBlocks {
      TokenBlocks(tokens, rows: rows, length: length, seed: seed, objective: objective)
    }
    training = blocks(tokens, seed)
    validation = shards.heldOut.flatMap { $0.count >= needed ? blocks($0, 0) : nil }
    self.batch = batch
    self.mask = mask
    fingerprint = shards.fingerprint
  }

  /// Batches from any source.
  ///
  /// - Parameters:
  ///   - training: What is learned from.
  ///   - validation: What is kept for tests, if anything is.
  ///   - batch: Rows and positions of one round.
  ///   - mask: What a position may look at.
  ///   - fingerprint: Tells this data from other data.
  package init(
    training: any BatchSource,
    validation: TokenBlocks? = nil,
    batch: BatchShape,
    mask: MaskKind,
    fingerprint: UInt64
  ) {
    self.training = training
    self.validation = validation
    self.batch = batch
    self.mask = mask
    self.fingerprint = fingerprint
  }

  private static func hash(_ ids: [Int32]) -> UInt64 {
    var hash = StateHash()
    ids.withUnsafeBytes { hash.add($0) }
    return hash.value
  }
}

/// Why a training cannot begin, or cannot go on.
package enum TrainingProblem: Problem, Equatable {
  /// Rows without expected tokens.
  case noTargets
  /// No expected token counts.
  case nothingCounts
  /// Rows that do not divide into equal rounds.
  case unevenRounds(Int, rows: Int)
  /// Fewer tokens than one block needs.
  case tooShort(tokens: Int, needed: Int)
  /// Rows without room for a question.
  case rowTooShort(Int, needed: Int, objective: String)
  /// A head that the model does not have.
  case noSuchHead(HeadAddress, blocks: Int, heads: Int)
  /// A model whose tokenizer numbers other words.
  case otherTokens(language: String)
  /// Rows longer than what the model reads.
  case contextTooLong(Int, limit: Int)
  /// A value that is NaN or infinite.
  case notFinite(step: Int, value: String, loss: Double)
  /// A checkpoint that would be written over.
  case alreadyThere(folder: String, step: Int)
  /// A checkpoint of another training: the first setting that differs.
  case otherTraining(setting: String, then: String, now: String)

  package var message: Bilingual {
    switch self {
    case .noTargets:
      Bilingual(
        it: "per addestrare servono i target, il file non ne ha",
        en: "training needs targets, the file has none"
      )
    case .nothingCounts:
      Bilingual(
        it: "almeno un target deve contare, qui sono tutti \(ignoredTarget)",
        en: "at least one target needs to count, here all are \(ignoredTarget)"
      )
    case .unevenRounds(let rounds, let rows):
      Bilingual(
        it: "le righe devono dividersi in \(rounds) giri uguali, trovate \(rows)",
        en: "the rows need to divide into \(rounds) equal rounds, got \(rows)"
      )
    case .tooShort(let tokens, let needed):
      Bilingual(
        it: "il testo da cui imparare deve avere almeno \(needed) token, trovati \(tokens)",
        en: "the text to learn from needs at least \(needed) tokens, got \(tokens)"
      )
    case .rowTooShort(let length, let needed, let objective):
      Bilingual(
        it: "l'obiettivo \(objective) ha bisogno di righe di almeno \(needed) posizioni,"
          + " trovata una di \(length)",
        en: "the objective \(objective) needs rows of at least \(needed) positions, got one of"
          + " \(length)"
      )
    case .contextTooLong(let asked, let limit):
      Bilingual(
        it: "--context può arrivare a \(limit) per questo modello, trovato \(asked)",
        en: "--context needs to be at most \(limit) for this model, got \(asked)"
      )
    case .noSuchHead(let head, let blocks, let heads):
      Bilingual(
        it: "--ablate vuole una testa da 0.0 a \(blocks - 1).\(heads - 1), trovata \(head)",
        en: "--ablate needs a head from 0.0 to \(blocks - 1).\(heads - 1), got \(head)"
      )
    case .otherTokens(let language):
      Bilingual(
        it: "il tokenizer del modello deve numerare le parole come \(language), trovato un altro",
        en: "the model's tokenizer needs to number the words as \(language) does, got another one"
      )
    case .notFinite(let step, let value, let loss):
      Bilingual(
        it: "al passo \(step) la loss è \(NumberText.general(loss)); il primo valore non finito è"
          + " «\(value)»",
        en: "at step \(step) the loss is \(NumberText.general(loss)); the first value that is not"
          + " finite is '\(value)'"
      )
    case .alreadyThere(let folder, let step):
      Bilingual(
        it: "in «\(folder)» c'è già un addestramento, arrivato al passo \(step)",
        en: "'\(folder)' already holds a training, at step \(step)"
      )
    case .otherTraining(let setting, let then, let now):
      Bilingual(
        it: "per riprendere «\(setting)» deve restare \(then), trovato \(now)",
        en: "to resume, '\(setting)' needs to stay \(then), got \(now)"
      )
    }
  }

  package var hint: Bilingual? {
    switch self {
    case .tooShort:
      Bilingual(
        it: "dai più testo, o righe più corte (--context)",
        en: "give more text, or shorter rows (--context)"
      )
    case .rowTooShort:
      Bilingual(
        it: "scegli righe più lunghe (--context), o un modello che ne legge",
        en: "choose longer rows (--context), or a model that reads them"
      )
    case .notFinite:
      Bilingual(
        it: "abbassa --lr o --clip; un checkpoint di prima è intatto",
        en: "lower --lr or --clip; a checkpoint from before is intact"
      )
    case .alreadyThere:
      Bilingual(
        it: "--resume lo continua; altrimenti scegli un'altra cartella",
        en: "--resume goes on with it; else choose another folder"
      )
    case .otherTokens:
      Bilingual(
        it: "--preset comincia un modello nuovo, con le parole giuste",
        en: "--preset begins a new model, with the right words"
      )
    case .noTargets, .nothingCounts, .unevenRounds, .contextTooLong, .otherTraining, .noSuchHead:
      nil
    }
  }
}
