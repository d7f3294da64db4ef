// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoText

/// What a model learns from, and what it is asked.
struct DataOptions: ParsableArguments {
  private typealias Usual = Experiment.Defaults

  @Option(
    it: "Le righe di un batch; \(Usual.rows) se non si dice, \(Usual.sentenceRows) con --corpus.",
    en: "Rows in one batch; \(Usual.rows) if not given, \(Usual.sentenceRows) with --corpus.",
    parser: ValueParser.whole(1...1_000_000)
  )
  var batch: Int?

  @Option(
    it: "Le posizioni di una riga; quante ne legge il modello, se non si dice.",
    en: "Positions of a row; as many as the model reads if not given.",
    parser: ValueParser.whole(1...1_000_000)
  )
  var context: Int?

  @Option(
    it: """
      Che cosa si chiede: \(Self.objectives.joined(separator: ", ")). Fra virgolette può seguire \
      altro, come nel REPL: "ahead 3", "masked always", "causal after TOKEN".
      """,
    en: """
      What is asked: \(Self.objectives.joined(separator: ", ")). In quotation marks more may \
      follow, as in the REPL: "ahead 3", "masked always", "causal after TOKEN".
      """,
    parser: ValueParser.objective
  )
  var objective = ObjectiveChoice(CausalObjective.self)

  @Option(
    it: """
      Che cosa può guardare una posizione: causal, strict (solo quelle prima, non sé stessa), \
      prefix (ciò che l'obiettivo lascia aperto) o none; quella adatta all'obiettivo, se non si \
      dice.
      """,
    en: """
      What a position may look at: causal, strict (only those before, not itself), prefix (what \
      the objective leaves open) or none; what fits the objective if not given.
      """
  )
  var mask: MaskName?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      it: "Le teste da spegnere: 0.1 è la testa 1 del blocco 0.",
      en: "Heads to switch off, as 0.1 for block 0, head 1."
    ),
    transform: HeadAddress.read
  )
  var ablate: [HeadAddress] = []

  @Option(
    it: "Decide i pesi di un modello nuovo, l'ordine dei dati e che cosa si nasconde.",
    en: "Decides the weights of a new model, the order of the data and what is hidden.",
    parser: ValueParser.whole(from: 0)
  )
  var seed = Usual.seed

  private static let objectives = Objectives.names

  /// Masks that have a name.
  enum MaskName: String, ExpressibleByArgument, CaseIterable {
    case causal
    case strict
    case prefix
    case none
  }

  /// Whether anything was asked that prepared rows do not have.
  var isUsed: Bool {
    batch != nil || context != nil || objective != ObjectiveChoice(CausalObjective.self)
      || mask != nil
  }
}

/// How texts become tokens, and which of them are kept apart.
struct TextOptions: ParsableArguments {
  @Option(
    it: """
      words (parole), chars (caratteri), bpe, un tokenizer.json o una cartella che ne ha uno; se \
      non si dice, words fino a un megabyte di testo, altrimenti bpe.
      """,
    en: """
      words, chars, bpe, a tokenizer.json, or a folder that has one; words up to a megabyte of \
      text, else bpe, if not given.
      """
  )
  var tokenizer: String?

  @Option(
    it: "Quanti token ha al più un tokenizer nuovo; per bpe 4096 se non si dice.",
    en: "How many tokens a new tokenizer has at most; 4096 for bpe if not given.",
    parser: ValueParser.whole(1...Vocabulary.limit)
  )
  var vocabSize: Int?

  @Option(help: .documents)
  var documents: DocumentUnit = .line

  @OptionGroup var form: TextFormOptions

  @Option(
    it: "La parte del testo tenuta da parte per la prova; 0.1 se non si dice, 0 per nessuna.",
    en: "The part of the text that is kept to test on; 0.1 if not given, 0 for none.",
    parser: ValueParser.number(.fromZeroBelowOne)
  )
  var validation: Double?

  @Option(
    it: "Che cosa va in quella parte: block (token di fila) o document (testi interi).",
    en: "What falls into that part: block (runs of tokens) or document (whole texts)."
  )
  var split: Split = .block

  /// What falls into the part that is kept.
  enum Split: String, ExpressibleByArgument, CaseIterable {
    case block
    case document
  }

  /// What a new tokenizer makes a token of; nil if it is a file, or nothing was said.
  var kind: TokenizerKind? { TokenizerKind.allCases.first { $0.rawValue == tokenizer } }

  /// Whether anything was asked that only texts have.
  var isUsed: Bool {
    tokenizer != nil || vocabSize != nil || documents != .line || validation != nil
      || split != .block || form.isUsed
  }

  func validate() throws {
    guard vocabSize != nil, let tokenizer, kind == nil else { return }
    let file = Bilingual.quoted(tokenizer)
    throw UsageProblem(
      ["--vocab-size"],
      areFor: Bilingual(it: "un tokenizer nuovo", en: "a new tokenizer"),
      got: Bilingual(it: "il file \(file.it)", en: "the file \(file.en)"),
      hint: Bilingual(
        it: "togli --vocab-size, o scrivi --tokenizer bpe",
        en: "leave --vocab-size out, or write --tokenizer bpe"
      )
    )
  }
}

extension DocumentUnit: ExpressibleByArgument {}

extension HeadAddress {
  /// A head as a person types it: `0.1`.
  @Sendable
  static func read(_ word: String) throws -> HeadAddress {
    if let head = HeadAddress(word) { return head }
    throw OptionValueProblem(
      needed: Bilingual(
        it: "blocco.testa, due numeri da 0 in su",
        en: "block.head, two numbers from 0 up"
      ),
      hint: Bilingual(
        it: "--ablate 0.1 spegne la testa 1 del blocco 0",
        en: "--ablate 0.1 switches off head 1 of block 0"
      )
    )
  }
}
