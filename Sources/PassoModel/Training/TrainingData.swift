// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime
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
    try self.init(rows, rounds: rounds, mask: file.attention == .causal ? .causal : .none)
  }

  /// The same rows in every update, divided among its rounds.
  ///
  /// - Throws: `TrainingProblem.unevenRounds`.
  package init(_ rows: Batch, rounds: Int, mask: MaskKind) throws(TrainingProblem) {
    guard rows.rowCount.isMultiple(of: rounds) else {
      throw .unevenRounds(rounds, rows: rows.rowCount)
    }
    training = FixedBatch(rows, rounds: rounds)
    validation = nil
    batch = BatchShape(rows: rows.rowCount / rounds, length: rows.length)
    self.mask = mask
    fingerprint = Self.hash(rows.inputs.flatMap(\.self) + rows.targets.flatMap(\.self))
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
  /// A value that is NaN or infinite; whether gradients are clipped, and the last step that is
  /// saved, if any is.
  case notFinite(step: Int, value: String, loss: Double, isClipped: Bool, saved: Int?)
  /// A checkpoint that would be written over.
  case alreadyThere(folder: String, step: Int)
  /// A model of somebody else that would be written over.
  case otherModel(folder: String)
  /// The model that a training begins with, which it would write over.
  case sameAsModel(folder: String)
  /// Nothing to go on with.
  case nothingToResume(folder: String, holdsModel: Bool)
  /// A checkpoint of another training: a setting that differs, nil where it has no value.
  case otherTraining(setting: String, then: String?, now: String?, folder: String)
  /// A text that is no longer what the training began with.
  case otherText(file: String)
  /// A text that was read from a pipe, or is no longer where it was; its fingerprint, if it had one.
  case textNeeded(String, fingerprint: UInt64?, folder: String)
  /// A log of another training, or a file of another kind.
  case otherLog(file: String, isLog: Bool)
  /// A save that failed, and the last one that did not.
  case notSaved(FileProblem, step: Int, saved: Int)

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
    case .notFinite(let step, let value, let loss, _, _):
      Bilingual(
        it: "al passo \(step) la loss è \(NumberText.general(loss)); il primo valore non finito è"
          + " «\(value)»",
        en: "at step \(step) the loss is \(NumberText.general(loss)); the first value that is not"
          + " finite is '\(value)'"
      )
    case .alreadyThere, .otherModel, .sameAsModel, .nothingToResume: folderMessage
    case .otherTraining(let setting, let then, let now, _): Self.differing(setting, then, now)
    case .otherText:
      Bilingual(
        it: "per riprendere servono gli stessi testi, questo non ha più il contenuto di allora",
        en: "to resume the texts need to be the same, this one no longer holds what it held"
      )
    case .textNeeded(let name, let fingerprint, _):
      Self.textNeeded(name, fingerprint.map { " (\(String($0, radix: 16)))" } ?? "")
    case .otherLog(_, true):
      Bilingual(
        it: "qui c'è già il registro di un altro addestramento",
        en: "this already is the log of another training"
      )
    case .otherLog:
      Bilingual(
        it: "serve il registro di un addestramento o un file nuovo, questo è un altro file",
        en: "needs the log of a training or a new file, this is another file"
      )
    case .notSaved(let problem, let step, _):
      Bilingual(it: "il passo \(step) non è salvato: ", en: "step \(step) is not saved: ")
        + problem.message
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
    case .notFinite(_, _, _, let isClipped, let saved): Self.lower(isClipped, saved)
    case .alreadyThere, .otherModel, .sameAsModel, .nothingToResume: folderHint
    case .otherTraining(_, _, _, let folder):
      Bilingual(
        it: "--model \(folder.inShell) --out NUOVA ne comincia un altro da questi pesi",
        en: "--model \(folder.inShell) --out NEW begins another training from these weights"
      )
    case .otherText:
      Bilingual(
        it: "--text dice dove sono adesso; --model con un --out nuovo impara da testi nuovi",
        en: "--text says where they are now; --model with a new --out learns from new texts"
      )
    case .textNeeded(_, _, let folder):
      Bilingual(
        it: "passo train --resume --out \(folder.inShell) --text FILE, con il file in cui è",
        en: "passo train --resume --out \(folder.inShell) --text FILE, with the file that it is in"
      )
    case .otherLog(_, true):
      Bilingual(
        it: "scegli un altro file; --replace, in un addestramento nuovo, lo sostituisce",
        en: "choose another file; --replace takes its place when a training begins"
      )
    case .otherLog: Bilingual(it: "scegli un altro file", en: "choose another file")
    case .notSaved(_, _, let saved):
      Bilingual(
        it: "il checkpoint del passo \(saved) è intatto: tolto l'ostacolo, --resume riprende da lì",
        en: "the checkpoint of step \(saved) is whole: once this is mended, --resume goes on from"
          + " there"
      )
    case .otherTokens:
      Bilingual(
        it: "--preset comincia un modello nuovo, con le parole giuste",
        en: "--preset begins a new model, with the right words"
      )
    case .unevenRounds:
      Bilingual(it: "servono più righe, o meno giri", en: "it takes more rows, or fewer rounds")
    case .noTargets, .nothingCounts, .contextTooLong, .noSuchHead: nil
    }
  }

  package var place: Place? {
    switch self {
    case .otherText(let file), .otherLog(let file, _): Place(file: file)
    case .notSaved(let problem, _, _): problem.place
    default: nil
    }
  }
}

extension TrainingProblem {
  private static func textNeeded(_ name: String, _ fingerprint: String) -> Bilingual {
    let source =
      TextInputs.isStandardInput(name)
      ? Bilingual(it: "dallo standard input", en: "standard input")
      : Bilingual(it: "da ", en: "") + .quoted(name)
        + Bilingual(it: ", che non c'è più", en: ", which is no longer there")
    return Bilingual(
      it:
        "questo addestramento impara da un testo letto \(source.it): per continuare serve di nuovo"
        + " lo stesso testo\(fingerprint)",
      en:
        "this training learns from a text that was read from \(source.en): to go on, the same text"
        + " is needed again\(fingerprint)"
    )
  }

  /// What is in the way in the folder of a training.
  private var folderMessage: Bilingual {
    switch self {
    case .alreadyThere(let folder, let step):
      Bilingual(
        it: "in «\(folder)» c'è già un addestramento, arrivato al passo \(step)",
        en: "'\(folder)' already holds a training, at step \(step)"
      )
    case .otherModel(let folder):
      Bilingual(
        it: "in «\(folder)» c'è già un modello, che questo addestramento cancellerebbe",
        en: "'\(folder)' already holds a model, which this training would write over"
      )
    case .sameAsModel(let folder):
      Bilingual(
        it: "«\(folder)» è anche la cartella di --model, e il modello di partenza andrebbe perso",
        en: "'\(folder)' is the folder of --model too, and the model to begin with would be lost"
      )
    case .nothingToResume(let folder, true):
      Bilingual(
        it: "in «\(folder)» c'è un modello, ma nessun checkpoint di Passo da riprendere",
        en: "'\(folder)' holds a model, but no checkpoint of Passo to go on from"
      )
    case .nothingToResume(let folder, _):
      Bilingual(
        it: "in «\(folder)» non c'è nessun addestramento da riprendere",
        en: "'\(folder)' holds no training to go on with"
      )
    default: Bilingual(same: "")
    }
  }

  private var folderHint: Bilingual? {
    switch self {
    case .alreadyThere:
      Bilingual(
        it: "--resume lo continua, --replace ne comincia uno nuovo al suo posto; altrimenti scegli"
          + " un'altra cartella",
        en: "--resume goes on with it, --replace begins a new one in its place; else choose another"
          + " folder"
      )
    case .otherModel, .sameAsModel:
      Bilingual(
        it: "scegli un'altra cartella per --out; --replace lo sostituisce",
        en: "choose another folder for --out; --replace takes its place"
      )
    case .nothingToResume(let folder, true):
      Bilingual(
        it: "--model \(folder.inShell) --out NUOVA comincia un addestramento da questo modello",
        en: "--model \(folder.inShell) --out NEW begins a training from this model"
      )
    case .nothingToResume:
      Bilingual(
        it: "senza --resume ne comincia uno nuovo",
        en: "without --resume a new one begins"
      )
    default: nil
    }
  }

  private static func differing(_ setting: String, _ then: String?, _ now: String?) -> Bilingual {
    guard let then, let now else {
      return Bilingual(
        it: then == nil
          ? "per riprendere togli «\(setting)», che l'addestramento non aveva"
          : "per riprendere «\(setting)» deve restare \(then ?? ""), adesso non c'è",
        en: then == nil
          ? "to resume, leave out '\(setting)', which the training did not have"
          : "to resume, '\(setting)' needs to stay \(then ?? ""), now there is none"
      )
    }
    return Bilingual(
      it: "per riprendere «\(setting)» deve restare \(then), trovato \(now)",
      en: "to resume, '\(setting)' needs to stay \(then), got \(now)"
    )
  }

  /// What keeps a loss from running away.
  private static func lower(_ isClipped: Bool, _ saved: Int?) -> Bilingual {
    let how =
      isClipped
      ? Bilingual(it: "abbassa --lr o --clip", en: "lower --lr or --clip")
      : Bilingual(
        it: "abbassa --lr, o limita i gradienti con --clip 1",
        en: "lower --lr, or limit the gradients with --clip 1"
      )
    guard let saved else { return how }
    return how
      + Bilingual(
        it: "; il checkpoint del passo \(saved) è intatto",
        en: "; the checkpoint of step \(saved) is intact"
      )
  }
}
