// SPDX-License-Identifier: MIT

import FoundationEssentials
import PassoData
import PassoLesson
import PassoModel
import PassoShell
import PassoText
import PassoView

/// What can stand in the place of a value on the command line.
enum OptionValues: Sendable {
  /// Numbers, texts: whatever a person likes.
  case anything

  /// One of some words.
  case words([String])

  /// A file, or one of some words.
  case files(or: [String] = [])

  case folders

  /// A lesson, or a folder with one.
  case lessons

  /// The values of an option of this name, or of an argument with this name in help.
  ///
  /// A name means the same in every command, so it stands here once.
  static func of(_ parameter: CommandTree.Parameter) -> OptionValues? {
    if !parameter.words.isEmpty { return .words(parameter.words) }
    guard let name = parameter.names.first else { return positional[parameter.value ?? ""] }
    let option = String(name.drop { $0 == "-" })
    return values[option] ?? Knob.named(option).map { .words(words(of: $0)) }
  }

  private static let positional: [String: OptionValues] = [
    "nome": .lessons, "name": .lessons, "cartelle": .folders, "paths": .folders,
    "file": .files(), "files": .files(), "risultati": .files(), "results": .files(),
  ]

  private static let corpora = ToyLanguage.names + RowTasks.names
  private static let tokenizers = TokenizerKind.allCases.map(\.rawValue)

  private static let values: [String: OptionValues] = [
    "lang": .words(Language.allCases.map(\.rawValue)),
    "lesson": .lessons,
    "session": .files(), "out": .files(), "text": .files(), "tokens": .files(), "log": .files(),
    "csv": .files(), "messages": .files(), "trace": .files(),
    "model": .folders, "torch": .folders,
    "preset": .words(TrainCommand.presets),
    "corpus": .files(or: corpora),
    "tokenizer": .files(or: tokenizers),
    "kind": .words(tokenizers),
    "objective": .words(Objectives.names),
    "optimizer": .words(Optimizer.named.map(\.name)),
    "protocol": .words(["json"]),
    "quiz": .words(QuestionFormat.all.map(\.name)),
  ].merging(free.map { ($0, .anything) }) { first, _ in first }

  /// Options with values that nobody can list.
  private static let free = [
    "ablate", "accumulate", "batch", "best", "beta1", "beta2", "chat", "chunk", "clip", "context",
    "decay-steps", "end-token", "eps", "field", "generate-text", "lr", "max-new-tokens",
    "min-frequency", "min-lr", "prompt", "repetition-penalty", "sample-every", "sample-prompt",
    "seconds", "seed", "special", "steps", "system", "temperature", "threads", "title", "top",
    "top-k", "top-p", "validation", "vocab-size", "warmup", "weight-decay",
  ]

  /// The words among what a knob takes: `N` and `X` stand for numbers.
  private static func words(of knob: Knob) -> [String] {
    knob.values.split(separator: "|").map(String.init).filter { $0 != "N" && $0 != "X" }
  }

  /// The words, in order, and the kind of path that may stand there too.
  func choices() -> (words: [String], paths: PathKind?) {
    switch self {
    case .anything: ([], nil)
    case .words(let words): (words, nil)
    case .files(let words): (words, .file)
    case .folders: ([], .folder)
    case .lessons: (Self.lessonNames, .folder)
    }
  }

  private static var lessonNames: [String] {
    let folder = LessonFinder.folder(ProcessInfo.processInfo.environment)
    return folder.flatMap { try? LessonLibrary(folder: $0) }?.names ?? []
  }
}
