// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoRuntime
import PassoShell
import PassoText

/// `passo tokenizer train`: a vocabulary from texts.
struct TrainTokenizerCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "train",
    it: "Impara un tokenizer da file di testo, e scrive il suo tokenizer.json.",
    en: "Learn a tokenizer from text files, and write its tokenizer.json.",
    discussion: Bilingual(
      it: """
        Le coppie di byte (bpe) cominciano dai 256 byte; la coppia di token più frequente diventa \
        un token nuovo, finché ce ne sono quanti se ne chiedono. Ogni file è un testo così com'è, \
        fine riga comprese; pochi byte che non sono UTF-8 diventano U+FFFD, molti fermano. Le \
        fusioni sono quelle che train_from_iterator di Hugging Face tokenizers impara con \
        BpeTrainer da una lista dei testi interi; il suo train(files) prende ogni riga per un \
        testo, e possono venirne altre.
        """,
      en: """
        Byte pairs (bpe) begin with the 256 bytes; the most frequent pair of tokens becomes a new \
        one until there are as many as asked for. Each file is one text as it stands, line ends \
        included; a few bytes that are not UTF-8 become U+FFFD, many stop it. The merges are those \
        that train_from_iterator of Hugging Face tokenizers learns with BpeTrainer from a list of \
        the whole texts; its train(files) takes each line for a text, which can give others.
        """
    )
  )

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(it: "I testi da cui imparare.", en: "The texts to learn from.")
  )
  var text: [String]

  @OptionGroup var form: TextFormOptions

  @Option(
    it:
      "Quanti token ci devono essere; con chars e words tutti quelli che ci sono, se non si dice.",
    en: "How many tokens there are to be; for chars and words all that come if not given.",
    parser: ValueParser.whole(1...Vocabulary.limit)
  )
  var vocabSize: Int?

  @Option(
    help: ArgumentHelp(it: "Il tokenizer.json da scrivere.", en: "The tokenizer.json to write.")
  )
  var out: String

  @Option(
    it: "Coppie di byte (bpe), caratteri (chars) o parole (words).",
    en: "Byte pairs (bpe), characters (chars) or words."
  )
  var kind: TokenizerKind = .bytePairs

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      it: "Token che non stanno per nessun testo, con i primi id; <start> per chars e words.",
      en: "Tokens that stand for no text, with the first ids; <start> for chars and words."
    )
  )
  var special: [String] = []

  @Option(
    it: "Le coppie di byte meno frequenti di così non si fondono.",
    en: "Byte pairs that come less often are not merged.",
    parser: ValueParser.whole(from: 0)
  )
  var minFrequency = 0

  @Option(
    it: "Quanti thread contano; quanti sono i core se non si dice.",
    en: "How many threads count; as many as there are cores if not given.",
    parser: ValueParser.threads
  )
  var threads: Int = ProcessorCount.physical

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    if special.contains("") || Set(special.map { Array($0.utf8) }).count < special.count {
      throw UsageProblem(
        "--special",
        needs: Bilingual(
          it: "token diversi fra loro, di almeno un carattere",
          en: "different tokens with at least one character each"
        ),
        got: special.joined(separator: " ")
      )
    }
    if kind == .bytePairs { return try validateBytePairs() }
    if let unknown = special.first(where: { SpecialToken(rawValue: $0) == nil }) {
      let names = SpecialToken.single.map(\.rawValue)
      throw UsageProblem(
        "--special",
        needs: .oneOf(names + ["<span_0>..."]),
        got: unknown,
        hint: Suggestion.closest(to: unknown, among: names).map(Bilingual.didYouMean)
      )
    }
  }

  private func validateBytePairs() throws {
    let least = 256 + special.count
    guard let vocabSize else {
      throw UsageProblem(
        it: "per --kind bpe manca --vocab-size, il numero di token da \(least) in su",
        en: "--kind bpe needs --vocab-size, the number of tokens from \(least) up, got none",
        hint: Bilingual(it: "per esempio --vocab-size 512", en: "for example --vocab-size 512")
      )
    }
    guard vocabSize < least else { return }
    let specials = Bilingual(
      it: "\(least) (256 byte, \(special.count) token speciali)",
      en: "\(least) (256 bytes, \(special.count) special tokens)"
    )
    throw UsageProblem(
      "--vocab-size",
      needs: Bilingual(
        it: "un numero da \(specials.it) a \(Vocabulary.limit)",
        en: "a number from \(specials.en) to \(Vocabulary.limit)"
      ),
      got: "\(vocabSize)"
    )
  }

  func run() throws {
    let front = FrontEnd(speech)
    let reservation = try AtomicFile.Reservation(out)
    defer { withExtendedLifetime(reservation) {} }
    let texts = try texts(front)
    let progress = TokenizerProgress(front.console())
    let tokenizer =
      try kind == .bytePairs ? trainBytePairs(texts, progress) : collectTokens(texts)
    try TokenizerFile.write(tokenizer, path: out)
    progress.finish(tokenizer, out)
  }

  /// Each file as it stands, or each record of it.
  private func texts(_ front: FrontEnd) throws -> [String] {
    let source = try form.source(text, .file, front)
    let texts = try front.readingTexts { _ in
      if source.field != nil { return try TextSample(source, limit: 1 << 30).texts }
      return try source.inputs.map {
        try TextFile.text(of: $0, replacesInvalid: source.replacesInvalid)
      }
    }
    let advice = TextAdvice.all(for: source, words: kind == .words)
    StandardError.say(advice.map { $0.note(kindOption: "--kind") }, front.language)
    return texts
  }

  private func trainBytePairs(
    _ texts: [String],
    _ progress: TokenizerProgress
  ) throws -> any Tokenizer {
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
