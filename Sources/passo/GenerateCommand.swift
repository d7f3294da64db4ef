// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoModel
import PassoShell
import PassoText

/// Text from a model.
struct GenerateCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Continue a text, token by token.",
    discussion: """
      A text prompt ends at the model's end token. A prompt of ids is continued as it is, through \
      end tokens too, unless --end-token names some.
      """
  )

  @Option(help: "The model folder: config.json and model.safetensors.")
  var model: String

  @Option(help: "The text to continue; the folder needs a tokenizer.json.")
  var prompt: String?

  @Option(help: "The token ids to continue, as '[1,2]'.")
  var tokens: String?

  @Option(help: "The most tokens to make.")
  var maxNewTokens: Int

  @OptionGroup var sampling: SamplingOptions

  @Option(help: "Ids that end the text, besides the model's own for a text prompt.")
  var endToken: [Int] = []

  @Flag(help: "Print one JSON object, {\"tokens\": [...], \"text\": \"...\"}, of what is new.")
  var json = false

  @Option(help: "f32 or f64; without it f64 for models of lesson size, else f32.")
  var precision: Precision?

  @Option(help: "How many threads share the work; the result does not depend on it.")
  var threads = ProcessorCount.physical

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    if (prompt == nil) == (tokens == nil) {
      throw ValidationError(
        "generate needs --prompt or --tokens, got \(prompt == nil ? "neither" : "both")"
      )
    }
    if maxNewTokens < 0 {
      throw ValidationError("--max-new-tokens needs a number from 0 up, got \(maxNewTokens)")
    }
    if threads < 1 { throw ValidationError("--threads needs a number from 1 up, got \(threads)") }
  }

  func run() throws {
    let folder = try ModelFolder(path: model)
    let tokenizer = try folder.tokenizerIfReadable(isNeeded: prompt != nil)
    let ids = try promptTokens(tokenizer, known: folder.configuration.vocabularySize)
    let generator = try Generator(
      folder.configuration,
      precision: precision ?? .standard(for: folder.configuration),
      threads: threads,
      load: folder.eachParameter
    )
    Interrupt.watch()
    var writer = GenerationWriter(
      FrontEnd(speech).console(),
      TextStream(tokenizer, after: ids),
      streams: !json
    )
    var sampler = Sampler(sampling.settings, seed: sampling.seed)
    let end = try generator.generate(
      after: ids,
      count: maxNewTokens,
      sampler: &sampler,
      ends: endToken + (prompt == nil ? [] : folder.description.special.ends),
      unless: { Interrupt.isPending },
      show: { writer.add($0) }
    )
    writer.finish(end)
    if end == .interrupted { throw ExitCode(130) }
  }

  private func promptTokens(
    _ tokenizer: (any Tokenizer)?,
    known: Int
  ) throws -> [Int32] {
    if let tokens { return try TokenList.parse(tokens, known: known) }
    guard let prompt, let tokenizer else { return [] }
    let start = tokenizer.start.map { [$0] } ?? []
    // An empty prompt asks for a text from its beginning.
    return start + (prompt.allSatisfy(\.isWhitespace) ? [] : try tokenizer.encode(prompt))
  }
}

/// How tokens are chosen, for every subcommand that makes text.
struct SamplingOptions: ParsableArguments {
  @Option(help: "What logits are divided by; 0 always takes the most probable token.")
  var temperature = 0.0

  @Option(help: "Choose among so many most probable tokens.")
  var topK: Int?

  @Option(help: "Choose among the most probable tokens that together reach this probability.")
  var topP: Double?

  @Option(help: "Divide the logits of tokens that were seen already; 1 changes nothing.")
  var repetitionPenalty = 1.0

  @Option(help: "The same seed chooses the same tokens.")
  var seed: UInt64 = 1

  var settings: SamplingSettings {
    SamplingSettings(
      temperature: temperature,
      topK: topK,
      topP: topP,
      repetitionPenalty: repetitionPenalty
    )
  }

  func validate() throws {
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError("--temperature needs a number from 0 up, got \(temperature)")
    }
    if let topK, topK < 1 {
      throw ValidationError("--top-k needs a number from 1 up, got \(topK)")
    }
    if let topP, !(topP > 0 && topP <= 1) {
      throw ValidationError("--top-p needs a number above 0 and up to 1, got \(topP)")
    }
    guard repetitionPenalty > 0, repetitionPenalty.isFinite else {
      throw ValidationError(
        "--repetition-penalty needs a positive number, got \(repetitionPenalty)"
      )
    }
  }
}

/// Shows a text as it is made, or as one JSON object at its end.
private struct GenerationWriter {
  private let console: Console
  private let streams: Bool
  private var stream: TextStream
  private var tokens: [Int32] = []
  private var text = ""

  init(_ console: Console, _ stream: TextStream, streams: Bool) {
    self.console = console
    self.stream = stream
    self.streams = streams
  }

  mutating func add(_ token: Int32) {
    let added = stream.append(token)
    tokens.append(token)
    text += added
    if streams { console.stream(added) }
  }

  func finish(_ end: TextEnd) {
    if streams { console.stream("\n") } else { print(TokenList.json(tokens, text: text)) }
    guard case .contextFull(let limit) = end else { return }
    let note = Bilingual(
      it: "il modello legge al più \(limit) token: qui il testo si ferma",
      en: "the model reads at most \(limit) tokens: the text stops here"
    )
    StandardError.write(note[console.language] + "\n")
  }
}
