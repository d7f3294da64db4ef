// SPDX-License-Identifier: MIT

import ArgumentParser
import FoundationEssentials
import PassoEngine
import PassoFiles
import PassoModel
import PassoText

/// Every value of one forward and backward pass.
struct TraceCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "trace",
    it: "Scrive in un file ogni valore e ogni gradiente di un passo di un modello.",
    en: "Write every value and gradient of one pass of a model to a file.",
    discussion: Bilingual(
      it: """
        Il file contiene ogni valore con il suo nome, ogni gradiente come grad.NOME, e \
        param_grad.NOMEHF per ogni tensore di model.safetensors.
        """,
      en: """
        The file holds every value under its name, every gradient under grad.NAME, and \
        param_grad.HFNAME for each tensor of model.safetensors.
        """
    )
  )

  @Option(help: .modelFolder)
  var model: String

  @Option(
    it: "I token: {\"inputs\": [[...]], \"targets\": [[...]], \"attention\": \"causal\"}.",
    en: "The tokens, as {\"inputs\": [[...]], \"targets\": [[...]], \"attention\": \"causal\"}."
  )
  var tokens: String

  @Option(
    help: ArgumentHelp(it: "Il file safetensors da scrivere.", en: "The safetensors file to write.")
  )
  var out: String

  @Option(
    help: ArgumentHelp(it: "I numeri: f32 o f64.", en: "The numbers: f32 or f64.")
  )
  var precision: Precision = .f32

  @Option(
    it: "Quanti thread; trace ne usa sempre uno solo.",
    en: "Threads; a trace computes on one, whatever is asked.",
    parser: ValueParser.threads
  )
  var threads = 1

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    try expectOtherFile()
    let reservation = try AtomicFile.Reservation(out)
    defer { withExtendedLifetime(reservation) {} }
    let folder = try ModelFolder(path: model)
    folder.sayNotes(speech.chosenLanguage)
    try Trace.write(folder, tokens: tokens, to: out, precision: precision)
  }

  /// Refuses to write over what is read; a trace of before may be replaced.
  private func expectOtherFile() throws {
    func real(_ path: String) -> URL {
      URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath()
    }
    let target = real(out)
    let name = target.lastPathComponent
    let isTrace = name.hasSuffix(".safetensors") && !name.hasPrefix("model")
    let isBeside = target.deletingLastPathComponent().path == real(model).path
    guard target.path == real(tokens).path || isBeside && !isTrace else { return }
    throw UsageProblem(
      it: "serve un altro file per la traccia, e \(it: out) è uno di quelli che si leggono",
      en: "needs another file for the trace, \(en: out) is one of those that are read",
      hint: Bilingual(
        it: "per esempio --out traccia.safetensors",
        en: "for example --out trace.safetensors"
      )
    )
  }
}

extension Precision: ExpressibleByArgument {}
