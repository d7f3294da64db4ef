// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoRuntime
import PassoShell
import PassoText

/// Text from a model.
struct GenerateCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "generate",
    it: "Continua un testo, un token alla volta.",
    en: "Continue a text, token by token.",
    discussion: Bilingual(
      it: """
        Se il prompt è un testo, ci si ferma al token di fine del modello. Se sono id, si va \
        avanti anche oltre i token di fine, a meno che --end-token non ne dica alcuni.
        """,
      en: """
        A text prompt ends at the model's end token. A prompt of ids is continued as it is, \
        through end tokens too, unless --end-token names some.
        """
    )
  )

  @Option(help: .modelFolder)
  var model: String

  @Option(
    parsing: .unconditional,
    it: "Il testo da continuare; nella cartella serve un tokenizer.json.",
    en: "The text to continue; the folder needs a tokenizer.json."
  )
  var prompt: String?

  @Option(
    it: "Gli id dei token da continuare, come '[1,2]'.",
    en: "The token ids to continue, as '[1,2]'."
  )
  var tokens: String?

  @OptionGroup var chat: ChatOptions

  @Option(
    it: "Quanti token generare al massimo.",
    en: "The most tokens to make.",
    parser: ValueParser.whole(from: 0)
  )
  var maxNewTokens: Int

  @OptionGroup var sampling: SamplingOptions

  @Option(
    it: """
      Quando il testo supera ciò che il modello legge: slide legge gli ultimi token che ci stanno, \
      stop si ferma.
      """,
    en: """
      Where a text is longer than the model reads: slide reads the last tokens that fit, stop ends \
      the text.
      """
  )
  var window = GenerationWindow.slide

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      it: "Id che chiudono il testo; con un prompt di testo, oltre a quelli del modello.",
      en: "Ids that end the text, besides the model's own for a text prompt."
    ),
    transform: ValueParser.whole(from: 0)
  )
  var endToken: [Int] = []

  @Flag(
    it: """
      Parte da soli <mask>, tanti quanti ne dice --max-new-tokens, dopo il prompt se c'è, e li \
      scopre uno alla volta; per modelli di any-order o masked always.
      """,
    en: """
      Begin with nothing but <mask>, as many as --max-new-tokens says, after the prompt if there \
      is one, and uncover one at a time; for models of any-order or masked always.
      """
  )
  var unmask = false

  @Flag(
    it: "Scrive un oggetto JSON, {\"tokens\": [...], \"text\": \"...\"}, di ciò che è nuovo.",
    en: "Print one JSON object, {\"tokens\": [...], \"text\": \"...\"}, of what is new."
  )
  var json = false

  @OptionGroup var watching: AlternativesOptions

  @Option(help: .precision)
  var precision: Precision?

  @Option(help: .threads, parser: ValueParser.threads)
  var threads = ProcessorCount.physical

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    try watching.validate(json: json)
    try chat.validate(beside: prompt != nil || tokens != nil || unmask)
    guard (prompt == nil) == (tokens == nil), !chat.isAsked else { return }
    if unmask, prompt == nil { return }
    throw UsageProblem(
      "passo generate",
      needsOneOf: ("--prompt", "--tokens"),
      gotBoth: prompt != nil,
      hint: Bilingual(
        it: "--prompt continua un testo, --tokens degli id",
        en: "--prompt continues a text, --tokens continues ids"
      )
    )
  }

  func run() throws {
    let folder = try ModelFolder(path: model)
    let tokenizer = try folder.tokenizerIfReadable(isNeeded: prompt != nil || chat.isAsked)
    let ids = try promptTokens(tokenizer, known: folder.configuration.vocabularySize)
    warnOfUnknownParts(tokenizer)
    folder.sayNotes(speech.chosenLanguage)
    if prompt != nil { say(folder.description.noteOnPrompts?.text) }
    let task = try LearnedTask(folder: folder.path, of: folder.configuration)
    if unmask { return try uncover(folder, task, tokenizer, after: ids) }
    say(task.note, task.noteOnGeneration)
    let generator = try Generator(task.model(folder, precision: precision, threads: threads))
    say(generator.slowness?.note, generator.note(onPromptOf: ids.count, window))
    try watching.expectTable()
    Interrupt.watch(unanswered: .ends)
    var watch = AlternativesWatch(ids, most: watching.most)
    var writer = GenerationWriter(
      console: FrontEnd(speech).console(),
      stream: TextStream(tokenizer, after: ids, marksUnknown: !json),
      streams: !json,
      hasText: tokenizer != nil
    )
    var sampler = Sampler(sampling.settings, seed: sampling.seed)
    let end = try generator.generate(
      after: ids,
      count: maxNewTokens,
      sampler: &sampler,
      window: window,
      ends: endToken + (tokens == nil ? folder.description.special.ends : []),
      unless: { Interrupt.isPending },
      chosen: { watch.add($0, $1) },
      show: { writer.add($0) }
    )
    writer.finish()
    say(generator.note(on: end))
    try watching.show(watch, tokenizer, sampling.settings, writer.console)
    if end == .interrupted { throw ExitCode(130) }
  }

  private func promptTokens(
    _ tokenizer: (any Tokenizer)?,
    known: Int
  ) throws -> [Int32] {
    if let tokens { return try TokenList.parse(tokens, known: known) }
    if let tokenizer, let text = try chat.text(folder: model) { return try tokenizer.encode(text) }
    guard let prompt, let tokenizer else { return [] }
    return try tokenizer.prompt(prompt)
  }

  /// Says which parts of the prompt the model does not get to see.
  private func warnOfUnknownParts(_ tokenizer: (any Tokenizer)?) {
    guard let prompt, let unknown = tokenizer?.unknownParts(of: prompt), !unknown.isEmpty else {
      return
    }
    let list = unknown.prefix(8).map { Bilingual.quoted($0) }
    let more = unknown.count > list.count ? ", …" : ""
    say(
      Bilingual(
        it: "per il modello diventa <unk> ciò che non è nel suo vocabolario: "
          + list.map(\.it).joined(separator: ", ") + more,
        en: "the model reads <unk> for what is not in its vocabulary: "
          + list.map(\.en).joined(separator: ", ") + more
      )
    )
  }

  private func say(_ notes: Bilingual?...) { StandardError.say(notes, speech.chosenLanguage) }
}

extension GenerationWindow: ExpressibleByArgument {}

/// How tokens are chosen, for every subcommand that makes text.
struct SamplingOptions: ParsableArguments {
  @Option(
    it: "Per quanto si dividono i logit; con 0 si prende sempre il token più probabile.",
    en: "What logits are divided by; 0 always takes the most probable token.",
    parser: ValueParser.number(.fromZero)
  )
  var temperature = 0.0

  @Option(
    it: "Sceglie solo fra questo numero di token, i più probabili.",
    en: "Choose among so many most probable tokens.",
    parser: ValueParser.whole(from: 1)
  )
  var topK: Int?

  @Option(
    it: "Sceglie fra i token più probabili che insieme arrivano a questa probabilità.",
    en: "Choose among the most probable tokens that together reach this probability.",
    parser: ValueParser.number(.aboveZeroToOne)
  )
  var topP: Double?

  @Option(
    it: "Per quanto si dividono i logit dei token già visti; 1 non cambia niente.",
    en: "Divide the logits of tokens that were seen already; 1 changes nothing.",
    parser: ValueParser.number(.positive)
  )
  var repetitionPenalty = 1.0

  @Option(
    it: "Lo stesso seme sceglie gli stessi token.",
    en: "The same seed chooses the same tokens.",
    parser: ValueParser.whole(from: 0)
  )
  var seed: UInt64 = 1

  var settings: SamplingSettings {
    SamplingSettings(
      temperature: temperature,
      topK: topK,
      topP: topP,
      repetitionPenalty: repetitionPenalty
    )
  }
}

/// Shows a text as it is made, or as one JSON object at its end.
private struct GenerationWriter {
  let console: Console
  var stream: TextStream
  let streams: Bool
  let hasText: Bool
  var tokens: [Int32] = []
  var text = ""

  mutating func add(_ token: Int32) {
    let added = stream.append(token)
    tokens.append(token)
    text += added
    if streams { console.stream(added) }
  }

  func finish() {
    if streams {
      console.stream("\n")
    } else {
      // Without a tokenizer there is no text, and none is made up.
      print(TokenList.json(tokens, text: hasText ? text : nil))
    }
    if stream.unknownCount > 0 { StandardError.say([stream.remark], console.language) }
  }
}
