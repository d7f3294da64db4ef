// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoRuntime
import PassoSessionViews
import PassoShell
import PassoText
import PassoView

/// What a model makes of text that it may never have seen.
struct EvaluateCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "evaluate",
    it: "Misura un modello su un testo, o su una lingua di cui si sa tutto.",
    en: "Measure a model on text, or on a language of which everything is known.",
    discussion: Bilingual(
      it: """
        Di un testo: la loss per token, e i token che hanno sorpreso di più il modello. Un testo \
        più lungo del contesto si legge a finestre che si sovrappongono per metà. Di una lingua \
        giocattolo: la loss accanto al pavimento, la divergenza dal vero, e se i verbi concordano.
        """,
      en: """
        Of a text: the loss per token, and the tokens that surprised the model most. A text longer \
        than the context is read in windows that overlap by half. Of a toy language: the loss \
        beside the floor, the divergence from the truth, and whether verbs agree.
        """
    )
  )

  @Option(
    it: "La cartella del modello: config.json, model.safetensors e tokenizer.json.",
    en: "The model folder: config.json, model.safetensors, tokenizer.json."
  )
  var model: String

  @Option(parsing: .upToNextOption, help: .textFiles)
  var text: [String] = []

  @Option(help: .corpus, parser: ToyLanguage.word)
  var corpus: String?

  @Option(
    it: "Quanti token elencare fra i più sorprendenti; per una lingua non conta.",
    en: "How many of the most surprising tokens to list; of a language, ignored.",
    parser: ValueParser.count(from: 0)
  )
  var top = 20

  @Option(help: .documents)
  var documents: DocumentUnit = .line

  @OptionGroup var form: TextFormOptions

  @Flag(
    it: "Scrive un oggetto JSON con ciò che si è trovato in un testo.",
    en: "Print one JSON object of what was found in a text."
  )
  var json = false

  @Option(
    help: ArgumentHelp(
      it: """
        Una tabella da scrivere, una riga per ogni posto del testo: probabilità e rango del token, \
        quanto costa, entropia, i tre token più probabili.
        """,
      en: """
        A table to write, one row for each place of the text: probability and rank of the token, \
        what it costs, entropy, the three most probable tokens.
        """,
      value: Bilingual(same: "file")
    )
  )
  var csv: String?

  @Option(help: .precision)
  var precision: Precision?

  @Option(help: .threads, parser: ValueParser.threads)
  var threads = ProcessorCount.physical

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    try TaskCorpus.validate(corpus)
    if text.isEmpty == (corpus == nil) {
      throw UsageProblem(
        "passo evaluate",
        needsOneOf: ("--text", "--corpus"),
        gotBoth: !text.isEmpty,
        hint: Bilingual(
          it: "--text misura su dei file, --corpus \(ToyLanguage.names[0]) su una lingua",
          en: "--text measures on files, --corpus \(ToyLanguage.names[0]) on a language"
        )
      )
    }
    if json || csv != nil, corpus != nil {
      throw UsageProblem(
        json ? ["--json"] : ["--csv"],
        areFor: Bilingual(same: "--text"),
        got: Bilingual(same: "--corpus")
      )
    }
  }

  func run() throws {
    let front = FrontEnd(speech)
    Interrupt.watch(unanswered: .ends)
    let folder = try ModelFolder(path: model)
    guard let tokenizer = try folder.tokenizerIfReadable(isNeeded: true) else { return }
    folder.sayNotes(front.language)
    let learned = try LearnedTask(folder: folder.path, of: folder.configuration)
    try learned.expectNext()
    StandardError.say([learned.note, learned.isUnusual ? learned.message : nil], front.language)
    if let corpus, let task = try TaskCorpus(line: corpus) {
      return try evaluate(folder, learned, on: task, tokenizer, front)
    }
    if let corpus {
      let language = try ToyLanguage.chosen(by: corpus)
      return try evaluate(folder, learned, on: language, tokenizer, front)
    }
    try evaluate(folder, learned, tokenizer, front)
  }
}

extension EvaluateCommand {
  /// The model of a folder as it was trained.
  private func model(_ folder: ModelFolder, _ task: LearnedTask) -> Model {
    task.model(folder, precision: precision, threads: threads)
  }

  /// Right answers on the rows that the model has learned from, and on others: as the model's
  /// record says of a task that was named without anything else.
  private func evaluate(
    _ folder: ModelFolder,
    _ learned: LearnedTask,
    on named: TaskCorpus,
    _ tokenizer: any Tokenizer,
    _ front: FrontEnd
  ) throws {
    let recorded = learned.recorded?.task
    let task = named.changes.isEmpty && recorded?.name == named.name ? recorded ?? named : named
    guard task.isNumbered(by: tokenizer) else {
      throw TrainingProblem.otherTokens(language: task.words)
    }
    let meter = try TaskMeter(model(folder, learned), task)
    StandardError.say([meter.slowness?.note], front.language)
    let (scores, samples) = (try meter.scores(), try meter.samples(3, of: .test))
    front.console().show(TaskView(task).evaluation(scores, samples))
  }

  private func evaluate(
    _ folder: ModelFolder,
    _ task: LearnedTask,
    on language: ToyLanguage,
    _ tokenizer: any Tokenizer,
    _ front: FrontEnd
  ) throws {
    guard language.isNumbered(by: tokenizer) else {
      throw TrainingProblem.otherTokens(language: language.name)
    }
    let examiner = try LanguageExaminer(model(folder, task), language)
    let view = OracleView(language)
    StandardError.say([examiner.slowness?.note, view.cutNote], front.language)
    let found = try examiner.examine(unless: { Interrupt.isPending })
    guard let found else { throw ExitCode(130) }
    front.console().show(view.evaluation(found))
  }

  private func evaluate(
    _ folder: ModelFolder,
    _ task: LearnedTask,
    _ tokenizer: any Tokenizer,
    _ front: FrontEnd
  ) throws {
    if let csv { try RecordTable.expectTable(at: csv) }
    let source = try form.source(text, documents, front)
    let marks = DocumentMarks(tokenizer, ends: folder.description.special.ends)
    let shards = try front.readingTexts { reading in
      var request = ShardRequest(source)
      request.marks = marks
      return try reading.open(request, tokenizer)
    }
    let tokens = shards.training
    guard tokens.count > 1 else { throw TrainingProblem.tooShort(tokens: tokens.count, needed: 2) }
    let meter = try SurpriseMeter(
      model(folder, task),
      length: min(folder.configuration.contextLength, tokens.count - 1)
    )
    StandardError.say([meter.slowness?.note], front.language)
    let surprise = try meter.measure(
      tokens,
      top: top,
      keepsLosses: false,
      unless: { Interrupt.isPending }
    )
    guard let surprise else { throw ExitCode(130) }
    if let damage = shards.damage { throw damage }
    let notes = shards.notes + TextAdvice.all(for: source, words: false).map { $0.note() }
    StandardError.say(notes + [marks.message(tokenizer)], front.language)
    if let csv { try writePlaces(of: tokens, model(folder, task), tokenizer, to: csv) }
    if json { return print(surprise.json(tokenizer, bytes: shards.manifest.tally.bytes)) }
    let (view, console) = (SurpriseView(surprise, tokenizer), front.console())
    console.say(view.summary)
    if top > 0 { console.show(view.moments) }
  }

  /// Writes what the model expects at every place of a text.
  private func writePlaces(
    of text: any TokenStore,
    _ model: Model,
    _ tokenizer: any Tokenizer,
    to path: String
  ) throws {
    let most = 3
    // Each place keeps its alternatives, and becomes a line.
    try MemoryRoom.check(min(text.count, .max / 1_024) * 1_024)
    let found = try Expectation.after(
      each: text.tokens(0..<text.count),
      model,
      most: most,
      isForReading: false,
      unless: { Interrupt.isPending }
    )
    guard let found else { throw ExitCode(130) }
    let rows = found.enumerated().map { ExpectationsView.Row(place: $0 + 1, $1) }
    try ExpectationsView(rows, most: most, label: tokenizer.label).records.write(to: path)
  }
}
