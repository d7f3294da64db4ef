// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoText

/// A training that a script can start, stop and take up again.
struct TrainCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "train",
    it: "Addestra un modello su un testo o su token già pronti, con checkpoint.",
    en: "Train a model on text or on prepared tokens, with checkpoints.",
    discussion: Bilingual(
      it: """
        La cartella di --out diventa una cartella di modello, che transformers sa aprire. Ctrl-C, \
        SIGTERM e SIGHUP si fermano dopo il passo in corso, con tutto salvato (stato d'uscita 130, \
        143, 129); un secondo segnale ferma subito, e resta l'ultimo checkpoint. --resume --out \
        CARTELLA, senza altre opzioni, riprende bit per bit come se l'addestramento non si fosse \
        mai fermato. Con un altro --steps la discesa di --schedule resta quella di prima \
        (--decay-steps), e oltre la sua fine il learning rate resta a --min-lr. Con --model il \
        learning rate si abbassa per i modelli larghi, e sale nel primo decimo dei passi.
        """,
      en: """
        The folder of --out becomes a model folder that transformers opens. Ctrl-C, SIGTERM and \
        SIGHUP stop after the step that is under way, with everything saved (exit status 130, 143, \
        129); a second signal stops at once, and leaves the last checkpoint. --resume --out DIR, \
        without any other option, goes on bit for bit as if the training had never stopped. With \
        another --steps the decay of --schedule stays what it was (--decay-steps), and past its \
        end the learning rate stays at --min-lr. With --model the learning rate is lower for wide \
        models, and rises in the first tenth of the steps.
        """
    )
  )

  @Option(
    it: "La cartella del modello da cui cominciare; col solo config.json è un modello nuovo.",
    en: "The model folder to begin with; with a config.json alone it is a new model."
  )
  var model: String?

  @Option(
    it: "Un modello nuovo: \(Self.presets.joined(separator: ", ")).",
    en: "A new model: \(Self.presets.joined(separator: ", ")).",
    parser: ValueParser.name(of: Self.presets)
  )
  var preset: String?

  @Option(parsing: .upToNextOption, help: .textFiles)
  var text: [String] = []

  @Option(help: .corpus, parser: ToyLanguage.word)
  var corpus: String?

  @Option(
    it: "Righe già pronte: {\"inputs\": [[...]], \"targets\": [[...]]}; le stesse a ogni passo.",
    en: "Prepared rows: {\"inputs\": [[...]], \"targets\": [[...]]}; the same every step."
  )
  var tokens: String?

  @Option(
    it: "Il numero dell'ultimo passo.",
    en: "The number of the last step.",
    parser: ValueParser.count(from: 1)
  )
  var steps: Int?

  @Option(help: ArgumentHelp(it: "La cartella da scrivere.", en: "The folder to write."))
  var out: String

  @Option(
    it: "Il file per una riga JSON a ogni passo.",
    en: "The file for one JSON line a step."
  )
  var log: String?

  @Flag(
    it: """
      Riprende dal checkpoint nella cartella di --out, con le opzioni di allora; altri possono \
      essere --steps, --log, --threads, i campioni e dove stanno i file di --text e --corpus.
      """,
    en: """
      Go on from the checkpoint in the folder of --out, with the options of then; others may be \
      --steps, --log, --threads, the samples, and where the files of --text and --corpus are.
      """
  )
  var resume = false

  @Flag(
    it: """
      Comincia da capo anche se in --out c'è un modello, o in --log un registro: li sostituisce.
      """,
    en: "Begin anew even where --out holds a model or --log a log, and take their place."
  )
  var replace = false

  @OptionGroup(title: Bilingual(it: "Un modello nuovo", en: "A new model").spoken)
  var sizes: ModelOptions

  @OptionGroup(title: Bilingual(it: "Apprendimento", en: "Learning").spoken)
  var learning: LearningOptions

  @OptionGroup(title: Bilingual(it: "Dati", en: "Data").spoken)
  var data: DataOptions

  @OptionGroup(title: Bilingual(it: "Testi", en: "Texts").spoken)
  var texts: TextOptions

  @OptionGroup(title: Bilingual(it: "Campioni", en: "Samples").spoken)
  var sampling: TrainingSampleOptions

  @OptionGroup var speech: SpeechOptions

  static let presets = (Preset.all + [.new]).map(\.name)

  func validate() throws {
    if resume, replace {
      throw UsageProblem(
        it: "passo train vuole --resume o --replace, non tutte e due",
        en: "passo train needs --resume or --replace, got both",
        hint: Bilingual(
          it: "--resume continua l'addestramento, --replace lo cancella",
          en: "--resume goes on with the training, --replace writes over it"
        )
      )
    }
    // To go on, what is known need not be said again.
    if !resume { try validateAll() }
  }

  /// Checks that everything is there that a training needs.
  func validateAll() throws {
    guard steps != nil else { throw Self.missingSteps }
    try validateStart()
    try validateMaterial()
  }

  /// As the parser says it of an option that is always needed, misspelled ones included.
  private static var missingSteps: UsageProblem {
    let path = CommandPath(Invocation.current.arguments)
    if let typed = path.unknownOption { return path.unknown(typed) }
    return UsageProblem(
      it: "a passo train manca --steps <steps>",
      en: "passo train needs --steps <steps>, got none",
      hint: Bilingual(
        it: "--steps <steps>: Il numero dell'ultimo passo",
        en: "--steps <steps>: The number of the last step"
      )
    )
  }

  /// A language has a model of its own size, if none is chosen.
  private func validateStart() throws {
    try validateSizes()
    try TaskCorpus.validate(corpus)
    let isNew = preset != nil || !sizes.chosen.isEmpty
    if (model != nil) == isNew, model != nil || corpus == nil {
      throw UsageProblem(
        "passo train",
        needsOneOf: ("--model", "--preset"),
        gotBoth: model != nil,
        hint: Bilingual(
          it: "--preset \(Self.presets[0]) comincia un modello nuovo, --model ne continua uno",
          en: "--preset \(Self.presets[0]) begins a new model, --model goes on with one"
        )
      )
    }
    if let model, texts.tokenizer != nil || texts.vocabSize != nil,
      !FolderContents.isConfigurationAlone(at: model)
    {
      throw UsageProblem(
        ["--tokenizer", "--vocab-size"],
        areFor: Bilingual(same: "--preset"),
        got: Bilingual(same: "--model"),
        hint: Bilingual(
          it: "un modello della cartella ha già il suo tokenizer",
          en: "the model of a folder has its tokenizer already"
        )
      )
    }
  }

  private func validateSizes() throws {
    guard let first = sizes.chosen.first else { return }
    if model != nil {
      throw UsageProblem(
        ["--\(first.name)"],
        areFor: Bilingual(it: "un modello nuovo", en: "a new model"),
        got: Bilingual(same: "--model"),
        hint: Bilingual(
          it: "il modello di una cartella ha già le sue misure",
          en: "the model of a folder has its sizes already"
        )
      )
    }
    guard case .preset(let preset, _) = newStart else { return }
    do { try preset.knobs.check() } catch {
      throw UsageProblem(error.message, hint: error.hint)
    }
  }

  private func validateMaterial() throws {
    let sources = [
      ("--text", !text.isEmpty), ("--corpus", corpus != nil), ("--tokens", tokens != nil),
    ]
    let given = sources.filter(\.1).map(\.0)
    guard given.count == 1 else { throw Self.problem(sources: given) }
    let source = Bilingual(same: given[0])
    if tokens != nil, data.isUsed {
      throw UsageProblem(
        ["--batch", "--context", "--objective", "--mask"],
        areFor: Bilingual(it: "--text e --corpus", en: "--text and --corpus"),
        got: source
      )
    }
    if text.isEmpty, texts.isUsed {
      throw UsageProblem(
        [
          "--tokenizer", "--vocab-size", "--documents", "--field", "--replace-invalid",
          "--validation", "--split",
        ],
        areFor: Bilingual(same: "--text"),
        got: source
      )
    }
    if corpus != nil, data.context != nil {
      let rows = Bilingual(
        it: ", che ha per righe le sue frasi",
        en: ", whose rows are its sentences"
      )
      throw UsageProblem(["--context"], areFor: Bilingual(same: "--text"), got: source + rows)
    }
  }

  private static func problem(sources given: [String]) -> UsageProblem {
    let found =
      given.isEmpty
      ? Bilingual(it: "non c'è nessuna delle tre", en: "got none")
      : Bilingual(
        it: "non \(given.joined(separator: " e "))",
        en: "got \(given.joined(separator: " and "))"
      )
    return UsageProblem(
      Bilingual(
        it: "passo train vuole una sola opzione fra --text, --corpus e --tokens, ",
        en: "passo train needs one of --text, --corpus and --tokens, "
      ) + found,
      hint: Bilingual(
        it: "per esempio --corpus \(ToyLanguage.names[0]), o --text FILE",
        en: "for example --corpus \(ToyLanguage.names[0]), or --text FILE"
      )
    )
  }

  func run() throws {
    let front = FrontEnd(speech)
    // Before the first step there is nothing to lose.
    Interrupt.watch(endings: true, unanswered: .ends)
    // Before the texts are read, which may take minutes.
    let folder = try TrainingFolder(out, model: model, tokenizer: texts.file, intent)
    let words = TrainingWords(CommandPath(Invocation.current.arguments).rest)
    let whole = try whole(words, folder)
    if let done = folder.checkpoint, done.steps >= whole.lastStep {
      return front.console().say(Self.nothingToDo(done.steps, whole.lastStep))
    }
    try whole.train(words, in: folder, front)
  }

  private var intent: TrainingFolder.Intent { resume ? .resume : replace ? .replace : .begin }

  /// The number of the last step; a command that was checked has one.
  var lastStep: Int { steps ?? 0 }

  /// This command with all that was said when the training was begun.
  private func whole(_ words: TrainingWords, _ folder: TrainingFolder) throws -> TrainCommand {
    guard resume else { return self }
    guard let recipe = folder.recipe else {
      try validateAll()
      return self
    }
    return try TrainCommand.parse(words.resuming(recipe, folder))
  }

  /// A step, and saving, may take a while.
  private static let heard = Bilingual(
    it: "ho sentito: finisco questo passo e salvo tutto; un secondo segnale ferma subito",
    en: "heard: this step is finished and everything saved; a second signal stops at once"
  )

  private static func nothingToDo(_ done: Int, _ asked: Int) -> Bilingual {
    Bilingual(
      it: "non c'è niente da fare: l'addestramento è al passo \(done), ne sono chiesti \(asked);"
        + " --steps \(done + 1) o più continua",
      en: "there is nothing to do: the training is at step \(done), \(asked) are asked for;"
        + " --steps \(done + 1) or more goes on"
    )
  }

  private func train(
    _ words: TrainingWords,
    in folder: TrainingFolder,
    _ front: FrontEnd
  ) throws {
    let setup = try TrainingSetup(self, words, folder, front)
    var loop = try setup.loop()
    let progress = try TrainingProgress(
      front.console(),
      steps: lastStep,
      of: setup,
      sampler: sampling
    )
    let notes = loop.description.notes.map(\.text) + setup.notes(loop.trainer)
    StandardError.say(notes, front.language)
    progress.introduce()
    progress.begin(loop.trainer)
    Interrupt.whenUnanswered(.says(Self.heard, front.language))
    let end = try loop.run(unless: { Interrupt.isPending }, on: progress.show)
    try progress.finish(loop, end, out)
    if end == .done { try progress.conclude(loop.trainer) }
    if end == .interrupted { throw ExitCode(Interrupt.status) }
  }
}

/// The text that a training shows now and then.
struct TrainingSampleOptions: ParsableArguments {
  @Option(
    it:
      "Ogni quanti passi un campione di testo; 0 per nessuno, un quarto di tutti se non si dice.",
    en: "Steps from one sample of text to the next; 0 for none, else a quarter of all.",
    parser: ValueParser.count(from: 0)
  )
  var sampleEvery: Int?

  @Option(
    parsing: .unconditional,
    it: "Il testo che i campioni continuano.",
    en: "The text that samples continue."
  )
  var samplePrompt = ""
}
