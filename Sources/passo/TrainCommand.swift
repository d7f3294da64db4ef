// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoModel
import PassoText

/// A training that a script can start, stop and take up again.
struct TrainCommand: ParsableCommand {
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

  @Option(parsing: .upToNextOption, help: "Text files; each line is a text of its own.")
  var text: [String] = []

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
  @OptionGroup(title: "Samples") var sampling: TrainingSampleOptions
  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    if (model == nil) == (preset == nil) {
      throw ValidationError(
        "train needs --model or --preset, got \(model == nil ? "neither" : "both")"
      )
    }
    if text.isEmpty == (tokens == nil) {
      throw ValidationError(
        "train needs --text or --tokens, got \(tokens == nil ? "neither" : "both")"
      )
    }
    if let preset, Preset.named(preset) == nil {
      let names = Preset.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--preset needs one of \(names), got '\(preset)'")
    }
    guard steps >= 1 else {
      throw ValidationError("--steps needs a number from 1 up, got \(steps)")
    }
    if tokens != nil, data.isUsed {
      throw ValidationError("--batch, --context and --validation are for --text, got --tokens")
    }
  }

  func run() throws {
    let front = FrontEnd(speech)
    Interrupt.watch()
    var loop = try TrainingSetup(self).loop()
    let progress = TrainingProgress(
      front.console(),
      rewrites: front.canRewriteLines,
      steps: steps,
      sampler: sampling
    )
    for note in loop.description.notes { StandardError.write(note.text[front.language] + "\n") }
    if let obstacle = loop.trainer.obstacle {
      let slow = Bilingual(it: "; ogni passo sarà lento", en: "; each step will be slow")
      StandardError.write((obstacle.message + slow)[front.language] + "\n")
    }
    progress.begin(loop.trainer, loop.tokenizer)
    let end = try loop.run(unless: { Interrupt.isPending }, on: progress.show)
    progress.finish(loop.trainer, end, out)
    if end == .interrupted { throw ExitCode(130) }
  }
}

/// How a model learns.
struct LearningOptions: ParsableArguments {
  @Option(help: "adamw, sgd or momentum.")
  var optimizer = "adamw"

  @Option(help: "The learning rate, at its peak.")
  var lr = 1e-3

  @Option(help: "AdamW's memory of gradients; momentum's too.")
  var beta1 = 0.9

  @Option(help: "AdamW's memory of squared gradients.")
  var beta2 = 0.95

  @Option(help: "What keeps AdamW's division finite.")
  var eps = 1e-8

  @Option(help: "How much AdamW shortens tensors of two or more dimensions.")
  var weightDecay = 0.1

  @Option(help: "The greatest length of all gradients together; 0 for none.")
  var clip = 1.0

  @Option(help: "Steps in which the learning rate rises to its peak.")
  var warmup = 0

  @Option(help: "The learning rate after that: constant, cosine or linear.")
  var schedule = RateSchedule.Decay.constant

  @Option(help: "The learning rate at the last step of a schedule.")
  var minLr = 0.0

  @Option(help: "Batches whose gradients are added up for one step.")
  var accumulate = 1

  @Option(help: "f32 or f64; without it f64 for models of lesson size, else f32.")
  var precision: Precision?

  @Option(help: "How many threads share the work; the result does not depend on it.")
  var threads = ProcessorCount.physical

  func validate() throws {
    guard Optimizer.named.contains(where: { $0.name == optimizer }) else {
      let names = Optimizer.named.map(\.name).joined(separator: ", ")
      throw ValidationError("--optimizer needs one of \(names), got '\(optimizer)'")
    }
    for (name, value) in [("lr", lr), ("eps", eps)] where !(value > 0 && value.isFinite) {
      throw ValidationError("--\(name) needs a positive number, got \(value)")
    }
    for (name, value) in [("beta1", beta1), ("beta2", beta2)] where !(value >= 0 && value < 1) {
      throw ValidationError("--\(name) needs a number from 0 up and below 1, got \(value)")
    }
    for (name, value) in [("weight-decay", weightDecay), ("clip", clip), ("min-lr", minLr)]
    where !(value >= 0 && value.isFinite) {
      throw ValidationError("--\(name) needs a number from 0 up, got \(value)")
    }
    guard warmup >= 0 else {
      throw ValidationError("--warmup needs a number from 0 up, got \(warmup)")
    }
    for (name, value) in [("accumulate", accumulate), ("threads", threads)] where value < 1 {
      throw ValidationError("--\(name) needs a number from 1 up, got \(value)")
    }
    guard minLr <= lr else {
      throw ValidationError("--min-lr needs a number up to --lr, \(lr), got \(minLr)")
    }
  }

  func chosen(steps: Int) -> Optimizer {
    var chosen: Optimizer
    switch optimizer {
    case "sgd": chosen = .sgd
    case "momentum": chosen = Optimizer(.momentum(beta1))
    default:
      chosen = Optimizer(.adamW(beta1: beta1, beta2: beta2, epsilon: eps, decay: weightDecay))
    }
    chosen.clip = clip > 0 ? clip : nil
    chosen.rounds = accumulate
    chosen.schedule = RateSchedule(
      decay: schedule,
      warmup: warmup,
      updates: steps,
      floor: minLr / lr
    )
    return chosen
  }
}

/// What a model learns from.
struct DataOptions: ParsableArguments {
  @Option(help: "Rows of text in one batch; 8 if not given.")
  var batch: Int?

  @Option(help: "Positions of a row; as many as the model reads if not given.")
  var context: Int?

  @Option(help: "The part of the text, from the end, that is kept to test on; 0.1 if not given.")
  var validation: Double?

  @Option(help: "Decides the weights of a new model and the order of the text.")
  var seed: UInt64 = 1

  /// Whether anything was asked that only text has.
  var isUsed: Bool { batch != nil || context != nil || validation != nil }

  func validate() throws {
    for (name, value) in [("batch", batch), ("context", context)] {
      guard let value, !(1...1_000_000).contains(value) else { continue }
      throw ValidationError("--\(name) needs a number from 1 to 1000000, got \(value)")
    }
    if let validation, !(validation >= 0 && validation < 1) {
      throw ValidationError("--validation needs a number from 0 up and below 1, got \(validation)")
    }
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

extension RateSchedule.Decay: ExpressibleByArgument {}
