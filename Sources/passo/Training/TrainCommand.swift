// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoModel
import PassoText

/// A training that a script can start, stop and take up again.
struct TrainCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    "train",
    abstract: Bilingual(
      it: "Addestra un modello su un testo o su token già pronti, con checkpoint.",
      en: "Train a model on text or on prepared tokens, with checkpoints."
    ),
    discussion: Bilingual(
      it: """
        La cartella di --out diventa una cartella di modello, che transformers sa aprire. Ctrl-C si \
        ferma dopo il passo in corso, con tutto salvato; --resume riprende bit per bit come se \
        l'addestramento non si fosse mai fermato.
        """,
      en: """
        The folder of --out becomes a model folder that transformers opens. Ctrl-C stops after the \
        step that is under way, with everything saved; --resume goes on bit for bit as if the \
        training had never stopped.
        """
    )
  )

  @Option(
    help: ArgumentHelp(
      it: "La cartella del modello da cui cominciare.",
      en: "The model folder to begin with."
    )
  )
  var model: String?

  @Option(
    help: ArgumentHelp(
      it: "Un modello nuovo: \(Self.presets.joined(separator: ", ")).",
      en: "A new model: \(Self.presets.joined(separator: ", "))."
    ),
    wanted: Wanted.name(of: Self.presets)
  )
  var preset: String?

  @Option(parsing: .upToNextOption, help: .textFiles)
  var text: [String] = []

  @Option(help: .corpus, wanted: Wanted.name(of: ToyLanguage.names))
  var corpus: String?

  @Option(
    help: ArgumentHelp(
      it: "Righe già pronte: {\"inputs\": [[...]], \"targets\": [[...]]}; le stesse a ogni passo.",
      en: "Prepared rows: {\"inputs\": [[...]], \"targets\": [[...]]}; the same every step."
    )
  )
  var tokens: String?

  @Option(
    help: ArgumentHelp(it: "Il numero dell'ultimo passo.", en: "The number of the last step."),
    wanted: Wanted.count(from: 1)
  )
  var steps: Int

  @Option(help: ArgumentHelp(it: "La cartella da scrivere.", en: "The folder to write."))
  var out: String

  @Option(
    help: ArgumentHelp(
      it: "Il file per una riga JSON a ogni passo.",
      en: "The file for one JSON line a step."
    )
  )
  var log: String?

  @Flag(
    help: ArgumentHelp(
      it: "Riprende dal checkpoint nella cartella di --out.",
      en: "Go on from the checkpoint in the folder of --out."
    )
  )
  var resume = false

  @OptionGroup(title: Bilingual(it: "Apprendimento", en: "Learning").spoken)
  var learning: LearningOptions

  @OptionGroup(title: Bilingual(it: "Dati", en: "Data").spoken)
  var data: DataOptions

  @OptionGroup(title: Bilingual(it: "Testi", en: "Texts").spoken)
  var texts: TextOptions

  @OptionGroup(title: Bilingual(it: "Campioni", en: "Samples").spoken)
  var sampling: TrainingSampleOptions

  @OptionGroup var speech: SpeechOptions

  private static let presets = Preset.all.map(\.name)

  func validate() throws {
    try validateStart()
    try validateMaterial()
  }

  /// A language has a model of its own size, for whoever does not choose one.
  private func validateStart() throws {
    if (model == nil) == (preset == nil), model != nil || corpus == nil {
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
    if model != nil, texts.tokenizer != nil || texts.vocabSize != nil {
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
        it: "trovate \(given.joined(separator: " e "))",
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
    Interrupt.watch()
    let setup = try TrainingSetup(self, front)
    var loop = try setup.loop()
    let progress = TrainingProgress(
      front.console(),
      steps: steps,
      material: setup.material,
      sampler: sampling
    )
    for note in loop.description.notes { StandardError.write(note.text[front.language] + "\n") }
    if let obstacle = loop.trainer.obstacle {
      let slow = Bilingual(it: "; ogni passo sarà lento", en: "; each step will be slow")
      StandardError.write((obstacle.message + slow)[front.language] + "\n")
    }
    setup.material.introduce(loop.data, on: front.console())
    progress.begin(loop.trainer)
    let end = try loop.run(unless: { Interrupt.isPending }, on: progress.show)
    progress.finish(loop.trainer, end, out)
    if end == .done { try setup.material.conclude(loop.trainer, on: front.console()) }
    if end == .interrupted { throw ExitCode(130) }
  }
}

/// The text that a training shows now and then.
struct TrainingSampleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      it:
        "Ogni quanti passi un campione di testo; 0 per nessuno, un quarto di tutti se non si dice.",
      en: "Steps from one sample of text to the next; 0 for none, else a quarter of all."
    ),
    wanted: Wanted.count(from: 0)
  )
  var sampleEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      it: "Il testo che i campioni continuano.",
      en: "The text that samples continue."
    )
  )
  var samplePrompt = ""
}
