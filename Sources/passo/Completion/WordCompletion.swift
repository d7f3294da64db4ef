// SPDX-License-Identifier: MIT

import PassoShell
import PassoText

/// What can stand in the place of a word of a command line, for the shells: they ask the program,
/// so that every shell knows the same, in the language of the person.
struct WordCompletion {
  /// What can stand there.
  struct Candidate: Hashable {
    let word: String

    /// What it is for; empty if its name says it.
    var meaning = ""
  }

  /// The words, in the order in which to show them.
  private(set) var candidates: [Candidate] = []

  /// Paths that can stand there too: the shell knows how to write them.
  private(set) var paths: PathKind?

  /// Looks for what can stand in the place of the last of some words.
  ///
  /// - Parameters:
  ///   - words: Those after `passo`; the last is the one at the cursor, empty if it has not begun.
  ///   - tree: All commands.
  init(_ words: [String], in tree: CommandTree) {
    let words = Self.withoutEqualsSigns(words)
    let line = CommandLineSoFar(TwoWordCommand.joined(Array(words.dropLast())), in: tree)
    let word = words.last ?? ""
    if let option = line.awaitsValue {
      offer(option, after: "", word)
    } else if let sign = word.firstIndex(of: "="), word.hasPrefix("--") {
      guard let option = line.option(String(word[..<sign])) else { return }
      offer(option, after: String(word[...sign]), word)
    } else if word.hasPrefix("-") {
      for option in line.options where !line.isGiven(option) {
        for name in option.names where name.hasPrefix("--") {
          add(name, option.meaning, word)
        }
      }
    } else {
      offerWords(line, word)
    }
  }

  /// Puts `--name`, `=` and the value together, which bash hands over as three words.
  private static func withoutEqualsSigns(_ words: [String]) -> [String] {
    guard words.count > 1, words.contains("=") else { return words }
    // With the sign alone the value has not begun.
    let all = words.last == "=" ? words + [""] : words
    return all.filter { $0 != "=" }
  }

  private mutating func offerWords(_ line: CommandLineSoFar, _ word: String) {
    if let option = line.mayGoOn { offer(option, after: "", word) }
    for command in line.subcommands {
      let name = command.typed.split(separator: " ").first.map(String.init) ?? ""
      if !candidates.contains(where: { $0.word == name }) { add(name, command.summary, word) }
    }
    if line.path.count == 1, !line.asksForHelp { add("help", Self.help.spoken, word) }
    for command in TwoWordCommand.all where Array(line.path.dropFirst()) == [command.words[0]] {
      let summary = line.root.subcommand(command.name)?.summary ?? ""
      add(command.words[1], summary, word)
    }
    guard !line.asksForHelp, let argument = line.argument else { return }
    offer(argument, after: "", word)
  }

  private static let help = Bilingual(
    it: "Mostra l'aiuto di un comando.",
    en: "Show the help of a command."
  )

  private mutating func offer(
    _ parameter: CommandTree.Parameter,
    after prefix: String,
    _ word: String
  ) {
    let choices = OptionValues.of(parameter)?.choices() ?? ([], .file)
    for value in choices.words { add(prefix + value, "", word) }
    paths = choices.paths
  }

  private mutating func add(_ candidate: String, _ meaning: String, _ word: String) {
    guard candidate.hasPrefix(word) else { return }
    candidates.append(Candidate(word: candidate, meaning: meaning))
  }

  /// One candidate a line, with what it is for behind a tab; a line that begins with a tab says
  /// which paths may stand there.
  var lines: [String] {
    let paths = self.paths.map { ["\t" + ($0 == .file ? "files" : "folders")] } ?? []
    return candidates.map { $0.meaning.isEmpty ? $0.word : "\($0.word)\t\($0.meaning)" } + paths
  }
}

/// What the words before the cursor have said.
private struct CommandLineSoFar {
  let root: CommandTree

  /// The commands, from `passo` on, as the parser names them.
  private(set) var path: [String]

  /// Whether it is `passo help …`.
  private(set) var asksForHelp = false

  /// The option whose value comes next.
  private(set) var awaitsValue: CommandTree.Parameter?

  /// The option that may have more values.
  private(set) var mayGoOn: CommandTree.Parameter?

  private var command: CommandTree
  private var given: Set<String> = []
  private var argumentCount = 0

  init(_ words: [String], in tree: CommandTree) {
    (root, command, path) = (tree, tree, [tree.name])
    for word in words { read(word) }
  }

  private mutating func read(_ word: String) {
    if awaitsValue != nil {
      mayGoOn = awaitsValue.flatMap { $0.takesMore ? $0 : nil }
      awaitsValue = nil
    } else if word.hasPrefix("-") {
      mayGoOn = nil
      let name = String(word.prefix { $0 != "=" })
      given.insert(name)
      if let option = option(name), option.isOption, !word.contains("=") { awaitsValue = option }
    } else if mayGoOn != nil {
      return
    } else if path.count == 1, word == "help" {
      asksForHelp = true
    } else if let next = command.subcommand(word) {
      command = next
      path.append(word)
    } else {
      argumentCount += 1
    }
  }

  /// The options that can stand here; those of the usual command need no name.
  var options: [CommandTree.Parameter] {
    let usual = command.usual.flatMap(command.subcommand)?.parameters ?? []
    let own = Set(command.parameters.flatMap(\.names))
    return (command.parameters + usual.filter { own.isDisjoint(with: $0.names) })
      .filter { !$0.isPositional }
  }

  /// The option of a name; `--lang` stands anywhere.
  func option(_ name: String) -> CommandTree.Parameter? {
    options.first { $0.names.contains(name) }
      ?? (name == "--lang" ? root.subcommands.lazy.compactMap { $0.option(name) }.first : nil)
  }

  /// Whether an option is there already, and need not come again.
  func isGiven(_ option: CommandTree.Parameter) -> Bool {
    !option.isRepeating && option.names.contains(where: given.contains)
  }

  var subcommands: [CommandTree] { argumentCount == 0 ? command.subcommands : [] }

  /// The argument that stands next without a name.
  var argument: CommandTree.Parameter? {
    let arguments = command.parameters.filter(\.isPositional)
    if argumentCount < arguments.count { return arguments[argumentCount] }
    return arguments.last.flatMap { $0.isRepeating ? $0 : nil }
  }
}
