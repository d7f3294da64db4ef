// SPDX-License-Identifier: MIT

import FoundationEssentials
import PassoData
import PassoModel
import PassoText

/// The options of `passo train` as words: how they are kept beside a checkpoint, and what is made
/// of them when a training is gone on with.
///
/// Words and not values, so that an option that is added is kept without anybody thinking of it.
struct TrainingWords {
  private typealias Choice = TrainingRecipe.Choice

  /// What was typed, option by option, with absolute paths.
  let choices: [TrainingRecipe.Choice]

  /// Options that say where to write, how to speak, or what to do with a folder.
  private static let ofOneRun: Set = ["--out", "--resume", "--replace", "--plain", "--threads"]

  /// Options that a training may have otherwise from one run to the next.
  private static let free =
    ofOneRun.union(["--steps", "--log", "--text", "--sample-every", "--sample-prompt"])

  private static let paths: Set = ["--text", "--tokens", "--model", "--log"]

  /// Options that may be typed several times.
  private static let lists: Set = ["--text", "--ablate"]

  /// Reads the words after `passo train`.
  init(_ words: some Sequence<String>) {
    var choices: [Choice] = []
    var isLiteral = false
    for word in words {
      if !isLiteral, word.hasPrefix("--") {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let option = String(parts[0])
        choices.append(Choice(option, parts.dropFirst().map(String.init)))
        // Its word may look like an option.
        isLiteral = option == "--sample-prompt" && parts.count == 1
      } else if let last = choices.popLast() {
        choices.append(Choice(last.option, last.words + [word]))
        isLiteral = false
      }
    }
    self.choices = Self.merged(choices).map(Self.located)
  }

  /// What is kept to go on with later.
  var kept: [TrainingRecipe.Choice] { choices.filter { !Self.ofOneRun.contains($0.option) } }

  /// The names without dashes.
  var names: Set<String> { Set(choices.map { String($0.option.dropFirst(2)) }) }

  /// The words of an option; nil if it was not typed.
  subscript(option: String) -> [String]? { choices.first { $0.option == option }?.words }

  private static func merged(_ choices: [Choice]) -> [Choice] {
    var merged: [Choice] = []
    for choice in choices {
      guard let index = merged.firstIndex(where: { $0.option == choice.option }) else {
        merged.append(choice)
        continue
      }
      let before = lists.contains(choice.option) ? merged[index].words : []
      merged[index] = Choice(choice.option, before + choice.words)
    }
    return merged
  }

  /// Whether an option names the rules of a language in a file.
  private static func isRules(_ choice: Choice) -> Bool {
    choice.option == "--corpus"
      && choice.words.allSatisfy {
        !ToyLanguage.names.contains($0) && !RowTasks.isTask($0)
      }
  }

  /// A training may be gone on with from another folder.
  private static func located(_ choice: Choice) -> Choice {
    let isFile =
      choice.option == "--tokenizer"
      && choice.words.allSatisfy { TokenizerKind(rawValue: $0) == nil } || isRules(choice)
    guard paths.contains(choice.option) || isFile else { return choice }
    let here = FileManager.default.currentDirectoryPath
    // A dash stands for standard input.
    let words = choice.words.map { $0.hasPrefix("/") || $0 == "-" ? $0 : "\(here)/\($0)" }
    return Choice(choice.option, words)
  }
}

// MARK: - Going on

extension TrainingWords {
  /// The words of the command that goes on with a training.
  ///
  /// What was typed now counts, then what the checkpoint says of its numbers, then how the training
  /// was begun.
  func resuming(_ recipe: TrainingRecipe, _ folder: TrainingFolder) throws -> [String] {
    try expectSame(recipe, folder)
    var all = recipe.choices.filter { $0.option != "--log" || isOurs($0.words, folder) }
    if let checkpoint = folder.checkpoint {
      let options = Self.options(of: checkpoint.settings, recipe)
      all = Self.merged(all.filter { $0.option != "--ablate" } + options)
    }
    let typed = Set(choices.map(\.option))
    all = all.filter { !typed.contains($0.option) } + choices.filter { $0.option != "--resume" }
    return all.flatMap { [$0.option] + $0.words }
  }

  /// Options under which the settings of a checkpoint were typed, or could have been.
  private static func options(
    of settings: [String: String],
    _ recipe: TrainingRecipe
  ) -> [Choice] {
    // Prepared rows have their own shape; so have the sentences of a language.
    var left: Set = ["model", "data", "validation", "split"]
    if recipe["--tokens"] != nil { left.formUnion(["batch", "context", "objective", "mask"]) }
    if recipe["--corpus"] != nil { left.insert("context") }
    return settings.sorted { $0.key < $1.key }.compactMap { name, value in
      guard !left.contains(name), value != "none" || name == "mask" else { return nil }
      let words = name == "ablate" ? value.split(separator: " ").map(String.init) : [value]
      return Choice("--\(name)", words)
    }
  }

  /// Whether the log that a recipe names is that of its training: its author may have
  /// thought of another file.
  private func isOurs(_ words: [String], _ folder: TrainingFolder) -> Bool {
    guard let path = words.first else { return false }
    return TrainingLog.isLog(path, of: folder)
  }

  /// What was typed now has to be what was typed then, where no setting of a checkpoint says it.
  private func expectSame(_ recipe: TrainingRecipe, _ folder: TrainingFolder) throws {
    let settings = folder.checkpoint?.settings ?? [:]
    for choice in choices {
      let name = String(choice.option.dropFirst(2))
      let then = recipe[choice.option]
      let isSource = ["--text", "--tokens", "--corpus", "--model"].contains(choice.option)
      let isMoved = then.map { Self.isRules(Choice(choice.option, $0)) } ?? false
      if isSource, then != nil, choice.option != "--corpus" { continue }
      // What the rules say is compared when they are read.
      if isMoved, Self.isRules(choice) { continue }
      guard isSource || !Self.free.contains(choice.option), settings[name] == nil || isSource,
        then != choice.words, !Self.isUsual(choice) || then != nil
      else { continue }
      // A setting of a rule that the training does not use changes nothing.
      if Self.rules.contains(name) { continue }
      let now = choice.words.joined(separator: " ")
      throw ResumeProblem.otherSetting(
        OtherSetting(choice.option, then: then?.joined(separator: " "), now: now),
        folder: folder.path
      )
    }
  }

  /// Settings that only some rules and schedules have, so that a checkpoint may lack them.
  private static let rules: Set = [
    "beta1", "beta2", "eps", "weight-decay", "min-lr", "decay-steps", "batch", "context",
  ]

  /// What holds where nothing is said.
  private static func isUsual(_ choice: Choice) -> Bool {
    [["--documents", "line"], ["--split", "block"]].contains([choice.option] + choice.words)
  }
}
