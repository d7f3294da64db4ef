// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoModel
import PassoText

/// A training that a script can start, stop and take up again.
struct TrainCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on text or on prepared tokens, with checkpoints.",
    discussion: """
      The folder of --out becomes a model folder that transformers opens. Ctrl-C stops after the \
      step that is under way, with everything saved; --resume goes on bit for bit as if the \
      training had never stopped.
      """
  )

  @Option(help: "The model folder to begin with.")
  var model: String?

  @Option(help: "A new model: \(Preset.all.map(\.name).joined(separator: ", ")).")
  var preset: String?

  @Option(parsing: .upToNextOption, help: "Text files of any size.")
  var text: [String] = []

  @Option(help: "A toy language: \(ToyLanguage.all.map(\.name).joined(separator: ", ")).")
  var corpus: String?

  @Option(help: "Prepared rows: {\"inputs\": [[...]], \"targets\": [[...]]}; the same every step.")
  var tokens: String?

  @Option(help: "The number of the last step.")
  var steps: Int

  @Option(help: "The folder to write.")
  var out: String

  @Option(help: "The file for one JSON line a step.")
  var log: String?

  @Flag(help: "Go on from the checkpoint in the folder of --out.")
  var resume = false

  @OptionGroup(title: "Learning") var learning: LearningOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Texts") var texts: TextOptions
  @OptionGroup(title: "Samples") var sampling: TrainingSampleOptions
  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    try validateStart()
    try validateMaterial()
    guard steps >= 1 else {
      throw ValidationError("--steps needs a number from 1 up, got \(steps)")
    }
  }

  /// A language has a model of its own size, for whoever does not choose one.
  private func validateStart() throws {
    if model != nil, preset != nil {
      throw ValidationError("train needs --model or --preset, got both")
    }
    if model == nil, preset == nil, corpus == nil {
      throw ValidationError("train needs --model or --preset, got neither")
    }
    if let preset, Preset.named(preset) == nil {
      let names = Preset.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--preset needs one of \(names), got '\(preset)'")
    }
    if model != nil, texts.tokenizer != nil || texts.vocabSize != nil {
      throw ValidationError("--tokenizer and --vocab-size are for --preset, got --model")
    }
  }

  private func validateMaterial() throws {
    let sources = [
      ("--text", !text.isEmpty), ("--corpus", corpus != nil), ("--tokens", tokens != nil),
    ]
    let given = sources.filter(\.1).map(\.0)
    guard given.count == 1 else {
      let found = given.isEmpty ? "none" : given.joined(separator: " and ")
      throw ValidationError("train needs one of --text, --corpus and --tokens, got \(found)")
    }
    if let corpus, ToyLanguage.named(corpus) == nil {
      let names = ToyLanguage.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--corpus needs one of \(names), got '\(corpus)'")
    }
    if tokens != nil, data.isUsed {
      throw ValidationError(
        "--batch, --context, --objective and --mask are for --text and --corpus, got --tokens"
      )
    }
    if text.isEmpty, texts.isUsed {
      throw ValidationError(
        "--tokenizer, --vocab-size, --documents, --validation and --split are for --text, got"
          + " \(given[0])"
      )
    }
    if corpus != nil, data.context != nil {
      throw ValidationError("--context is for --text, got --corpus, whose rows are its sentences")
    }
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
  @Option(help: "Steps from one sample of text to the next; 0 for none, else a quarter of all.")
  var sampleEvery: Int?

  @Option(help: "The text that samples continue.")
  var samplePrompt = ""

  func validate() throws {
    guard let sampleEvery, sampleEvery < 0 else { return }
    throw ValidationError("--sample-every needs a number from 0 up, got \(sampleEvery)")
  }
}
