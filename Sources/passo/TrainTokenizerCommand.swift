// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoModel
import PassoShell
import PassoText

/// `passo tokenizer train`: a vocabulary from texts.
struct TrainTokenizerCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learn a tokenizer from text files, and write its tokenizer.json.",
    discussion: """
      Byte pairs (bpe) begin with the 256 bytes; the most frequent pair of tokens becomes a new \
      one until there are as many as asked for. Each file is one text as it stands, line ends \
      included; bytes that are not UTF-8 are replaced by U+FFFD. The merges are those that \
      train_from_iterator of Hugging Face tokenizers learns with BpeTrainer from a list of the \
      whole texts; its train(files) takes each line for a text, which can give others.
      """
  )

  @Option(parsing: .upToNextOption, help: "The texts to learn from.")
  var text: [String]

  @Option(help: "How many tokens there are to be; for chars and words all that come if not given.")
  var vocabSize: Int?

  @Option(help: "The tokenizer.json to write.")
  var out: String

  @Option(help: "bpe, chars or words.")
  var kind: TokenizerKind = .bytePairs

  @Option(
    parsing: .upToNextOption,
    help: "Tokens that stand for no text, with the first ids; <start> for chars and words."
  )
  var special: [String] = []

  @Option(help: "Byte pairs that come less often are not merged.")
  var minFrequency = 0

  @Option(help: "How many threads count; as many as there are cores if not given.")
  var threads: Int = ProcessorCount.physical

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    if text.isEmpty { throw ValidationError("--text needs at least one file, got none") }
    if threads < 1 { throw ValidationError("--threads needs a number from 1 up, got \(threads)") }
    if minFrequency < 0 {
      throw ValidationError("--min-frequency needs a number from 0 up, got \(minFrequency)")
    }
    if special.contains("") || Set(special.map { Array($0.utf8) }).count < special.count {
      throw ValidationError("--special needs different tokens with at least one character each")
    }
    if kind == .bytePairs { return try validateBytePairs() }
    if let unknown = special.first(where: { SpecialToken(rawValue: $0) == nil }) {
      let names = SpecialToken.single.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--special needs one of \(names), <span_0>..., got '\(unknown)'")
    }
    if let vocabSize, vocabSize < 1 {
      throw ValidationError("--vocab-size needs a number from 1 up, got \(vocabSize)")
    }
  }

  private func validateBytePairs() throws {
    let least = 256 + special.count
    guard let vocabSize else {
      throw ValidationError("--vocab-size needs the number of tokens, from \(least) up, got none")
    }
    guard vocabSize >= least, vocabSize <= Vocabulary.limit else {
      throw ValidationError(
        "--vocab-size needs \(least) (256 bytes, \(special.count) special tokens) to "
          + "\(Vocabulary.limit), got \(vocabSize)"
      )
    }
  }

  func run() throws {
    let front = FrontEnd(speech)
    try AtomicFile.expectRoom(for: out)
    let texts = try text.map { try TextFile.text(path: $0) }
    let progress = TokenizerProgress(front.console())
    let tokenizer: any Tokenizer
    if kind == .bytePairs {
      tokenizer = try trainBytePairs(texts, progress)
    } else {
      tokenizer = try collectTokens(texts)
    }
    try TokenizerFile.write(tokenizer, path: out)
    progress.finish(tokenizer, out)
  }

  private func trainBytePairs(
    _ texts: [String],
    _ progress: TokenizerProgress
  ) throws -> BytePairTokenizer {
    var plan = BytePairTrainer.Plan(vocabularySize: vocabSize ?? 0)
    plan.minimumFrequency = minFrequency
    plan.specials = special
    var trainer = try BytePairTrainer(texts: texts, plan: plan, threads: threads)
    progress.begin(texts, trainer)
    while let merge = trainer.step() { progress.show(merge, trainer) }
    progress.end(trainer)
    return try trainer.tokenizer()
  }

  private func collectTokens(_ texts: [String]) throws -> any Tokenizer {
    let specials = special.isEmpty ? [.start] : special.compactMap(SpecialToken.init(rawValue:))
    return try TokenizerLearner(kind: kind, size: vocabSize, specials: specials)
      .tokenizer(for: texts)
  }
}

extension TokenizerKind: ExpressibleByArgument {}
