// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoEngine
import PassoModel

/// Every value of one forward and backward pass.
struct TraceCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Write every value and gradient of one pass of a model to a file.",
    discussion: """
      The file holds every value under its name, every gradient under grad.NAME, and \
      param_grad.HFNAME for each tensor of model.safetensors.
      """
  )

  @Option(help: "The model folder: config.json and model.safetensors.")
  var model: String

  @Option(
    help: "The tokens: {\"inputs\": [[...]], \"targets\": [[...]], \"attention\": \"causal\"}."
  )
  var tokens: String

  @Option(help: "The safetensors file to write.")
  var out: String

  @Option(help: "f32 or f64.")
  var precision: Precision = .f32

  @Option(help: "Threads; a trace computes on one, whatever is asked.")
  var threads = 1

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    guard threads < 1 else { return }
    throw ValidationError("--threads needs a number from 1 up, got \(threads)")
  }

  func run() throws {
    try AtomicFile.expectRoom(for: out)
    try Trace.write(ModelFolder(path: model), tokens: tokens, to: out, precision: precision)
  }
}

extension Precision: ExpressibleByArgument {}
