// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoModel

/// What a model learns from, and what it is asked.
struct DataOptions: ParsableArguments {
  @Option(help: "Rows in one batch; 8 if not given, 32 with --corpus.")
  var batch: Int?

  @Option(help: "Positions of a row; as many as the model reads if not given.")
  var context: Int?

  @Option(help: "What is asked: \(Objectives.all.map { $0.name }.joined(separator: ", ")).")
  var objective = CausalObjective.name

  @Option(
    help: """
      What a position may look at: causal, prefix (what the objective leaves open) or none; what \
      fits the objective if not given.
      """
  )
  var mask: MaskName?

  @Option(parsing: .upToNextOption, help: "Heads to switch off, as 0.1 for block 0, head 1.")
  var ablate: [HeadAddress] = []

  @Option(help: "Decides the weights of a new model, the order of the data and what is hidden.")
  var seed: UInt64 = 1

  /// Masks that have a name.
  enum MaskName: String, ExpressibleByArgument, CaseIterable {
    case causal
    case prefix
    case none

    var kind: MaskKind {
      switch self {
      case .causal: .causal
      case .prefix: .prefix
      case .none: .none
      }
    }
  }

  /// How questions are made.
  var chosenObjective: any Objective.Type { Objectives.named(objective) ?? CausalObjective.self }

  /// What a position may look at.
  var chosenMask: MaskKind { mask?.kind ?? chosenObjective.mask }

  /// Whether anything was asked that prepared rows do not have.
  var isUsed: Bool {
    batch != nil || context != nil || objective != CausalObjective.name || mask != nil
  }

  func validate() throws {
    for (name, value) in [("batch", batch), ("context", context)] {
      guard let value, !(1...1_000_000).contains(value) else { continue }
      throw ValidationError("--\(name) needs a number from 1 to 1000000, got \(value)")
    }
    guard Objectives.named(objective) != nil else {
      let names = Objectives.all.map { $0.name }.joined(separator: ", ")
      throw ValidationError("--objective needs one of \(names), got '\(objective)'")
    }
  }
}

/// How texts become tokens, and which of them are kept apart.
struct TextOptions: ParsableArguments {
  @Option(
    help: """
      words, chars, bpe, or a tokenizer.json; words up to a megabyte of text, else bpe, if not \
      given.
      """
  )
  var tokenizer: String?

  @Option(help: "How many tokens a new tokenizer has at most; 4096 for bpe if not given.")
  var vocabSize: Int?

  @Option(help: "What is a text of its own: each line, or each file.")
  var documents: DocumentUnit = .line

  @Option(help: "The part of the text that is kept to test on; 0.1 if not given, 0 for none.")
  var validation: Double?

  @Option(help: "What falls into that part: block (runs of tokens) or document (whole texts).")
  var split: Split = .block

  /// What falls into the part that is kept.
  enum Split: String, ExpressibleByArgument, CaseIterable {
    case block
    case document
  }

  /// What a new tokenizer makes a token of; nil if it is a file, or nothing was said.
  var kind: TokenizerKind? { tokenizer.flatMap(TokenizerKind.init(rawValue:)) }

  /// Whether anything was asked that only texts have.
  var isUsed: Bool {
    tokenizer != nil || vocabSize != nil || documents != .line || validation != nil
      || split != .block
  }

  func validate() throws {
    if let validation, !(validation >= 0 && validation < 1) {
      throw ValidationError("--validation needs a number from 0 up and below 1, got \(validation)")
    }
    if let vocabSize, !(1...Vocabulary.limit).contains(vocabSize) {
      throw ValidationError(
        "--vocab-size needs a number from 1 to \(Vocabulary.limit), got \(vocabSize)"
      )
    }
    if vocabSize != nil, tokenizer != nil, kind == nil {
      throw ValidationError(
        "--vocab-size is for a new tokenizer, got the file '\(tokenizer ?? "")'"
      )
    }
  }
}

extension DocumentUnit: ExpressibleByArgument {}

extension HeadAddress: ExpressibleByArgument {
  /// A head as a person types it: `0.1`.
  public init?(argument: String) { self.init(argument as String) }
}
