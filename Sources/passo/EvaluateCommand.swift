// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoModel
import PassoShell
import PassoText

/// What a model makes of text that it may never have seen.
struct EvaluateCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on text, or on a language of which everything is known.",
    discussion: """
      Of a text: the loss per token, and the tokens that surprised the model most. A text longer \
      than the context is read in windows that overlap by half. Of a toy language: the loss \
      beside the floor, the divergence from the truth, and whether verbs agree.
      """
  )

  @Option(help: "The model folder: config.json, model.safetensors, tokenizer.json.")
  var model: String

  @Option(parsing: .upToNextOption, help: "Text files of any size.")
  var text: [String] = []

  @Option(help: "A toy language: \(ToyLanguage.all.map(\.name).joined(separator: ", ")).")
  var corpus: String?

  @Option(help: "How many of the most surprising tokens to list; of a language, ignored.")
  var top = 20

  @Option(help: "What is a text of its own: each line, or each file.")
  var documents: DocumentUnit = .line

  @Flag(help: "Print one JSON object of what was found in a text.")
  var json = false

  @Option(help: "f32 or f64; without it f64 for models of lesson size, else f32.")
  var precision: Precision?

  @Option(help: "How many threads share the work; the result does not depend on it.")
  var threads = ProcessorCount.physical

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    if text.isEmpty == (corpus == nil) {
      throw ValidationError(
        "evaluate needs --text or --corpus, got \(text.isEmpty ? "neither" : "both")"
      )
    }
    if let corpus, ToyLanguage.named(corpus) == nil {
      let names = ToyLanguage.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--corpus needs one of \(names), got '\(corpus)'")
    }
    if top < 0 { throw ValidationError("--top needs a number from 0 up, got \(top)") }
    if threads < 1 { throw ValidationError("--threads needs a number from 1 up, got \(threads)") }
    if json, corpus != nil { throw ValidationError("--json is for --text, got --corpus") }
  }

  func run() throws {
    let front = FrontEnd(speech)
    Interrupt.watch()
    let folder = try ModelFolder(path: model)
    guard let tokenizer = try folder.tokenizerIfReadable(isNeeded: true) else { return }
    let task = LearnedTask(folder: model)
    try task.expectNext()
    let notes = [task.note, task.isUnusual ? task.message : nil]
    for note in notes.compactMap(\.self) { StandardError.write(note[front.language] + "\n") }
    if let language = corpus.flatMap(ToyLanguage.named) {
      return try evaluate(folder, task, on: language, tokenizer, front)
    }
    try evaluate(folder, task, tokenizer, front)
  }
}

extension EvaluateCommand {
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
    var examiner = try LanguageExaminer(
      folder.configuration,
      folder.parameters(),
      language,
      mask: task.mask,
      silenced: task.silenced
    )
    let found = try examiner.examine(unless: { Interrupt.isPending })
    guard let found else { throw ExitCode(130) }
    front.console().show(OracleView(language).evaluation(found))
  }

  private func evaluate(
    _ folder: ModelFolder,
    _ task: LearnedTask,
    _ tokenizer: any Tokenizer,
    _ front: FrontEnd
  ) throws {
    let shards = try front.readingTexts { reading in
      try reading.open(ShardRequest(files: text, unit: documents), tokenizer)
    }
    let tokens = shards.training
    guard tokens.count > 1 else { throw TrainingProblem.tooShort(tokens: tokens.count, needed: 2) }
    let meter = try SurpriseMeter(
      folder.configuration,
      parameters: folder.parameters(),
      length: min(folder.configuration.contextLength, tokens.count - 1),
      mask: task.mask,
      silenced: task.silenced,
      precision: precision ?? .standard(for: folder.configuration),
      threads: threads
    )
    let surprise = try meter.measure(
      tokens,
      top: top,
      keepsLosses: false,
      unless: { Interrupt.isPending }
    )
    guard let surprise else { throw ExitCode(130) }
    if let damage = shards.damage { throw damage }
    for note in shards.notes { StandardError.write(note[front.language] + "\n") }
    if json { return print(surprise.json(tokenizer, bytes: shards.manifest.tally.bytes)) }
    let (view, console) = (SurpriseView(surprise, tokenizer), front.console())
    console.say(view.summary)
    if top > 0 { console.show(view.moments) }
  }
}
