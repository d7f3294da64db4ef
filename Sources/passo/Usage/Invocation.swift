// SPDX-License-Identifier: MIT

import ArgumentParser
import FoundationEssentials
import PassoText

/// The words after `passo`, before anybody reads them as options.
///
/// The language is decided here, once: help texts are made before options are read. So `--lang`
/// stands wherever a person puts it, before the command and after `passo help` too.
struct Invocation: Sendable {
  /// That of this process.
  static let current = Invocation(
    Array(CommandLine.arguments.dropFirst()),
    environment: ProcessInfo.processInfo.environment
  )

  /// The words without `--lang` and its value.
  let arguments: [String]

  /// The language asked for, else that of the environment.
  let language: Language

  /// What is wrong with the language asked for.
  let languageProblem: UsageProblem?

  private static let option = "--lang"

  /// Looks for the language among words of a command line.
  init(_ words: [String], environment: [String: String]) {
    var rest: [String] = []
    var asked: String?
    if words.first == CompletionRequest.question {
      // The line is not finished: of it only the language is of use.
      let asked = Invocation(Array(words.dropFirst()), environment: environment)
      (arguments, language, languageProblem) = (words, asked.language, nil)
      return
    }
    // Words after -- are no options, and a shell's question begins with three dashes.
    let isShell = words.first?.hasPrefix("---") ?? false
    let end = isShell ? 0 : words.firstIndex(of: "--") ?? words.endIndex
    var index = 0
    while index < end {
      let word = words[index]
      if word == Self.option, index + 1 < end, !words[index + 1].hasPrefix("-") {
        asked = words[index + 1]
        index += 1
      } else if word.hasPrefix(Self.option + "=") {
        asked = String(word.dropFirst(Self.option.count + 1))
      } else {
        rest.append(word)
      }
      index += 1
    }
    arguments = TwoWordCommand.joined(rest + words[end...])
    let known = asked.flatMap { Language(rawValue: $0) }
    language = known ?? Language(environment: environment)
    languageProblem = known == nil ? asked.map(Self.problem) : nil
  }

  private static func problem(_ found: String) -> UsageProblem {
    UsageProblem(
      Bilingual(
        it: "\(option) vuole it o en, non \(it: found)",
        en: "\(option) needs it or en, got \(en: found)"
      ),
      hint: Bilingual(
        it: "\(option) it parla italiano, \(option) en inglese",
        en: "\(option) it speaks Italian, \(option) en English"
      )
    )
  }
}

/// Which command the first words of a command line name.
struct CommandPath {
  /// The names, from `passo` on.
  private(set) var names = ["passo"]

  /// The command that the last of them names.
  private(set) var command: any ParsableCommand.Type = Passo.self

  /// The word in the place of a subcommand that names none.
  private(set) var unknown: String?

  /// The words as a person types them.
  var text: String { names.joined(separator: " ") }

  /// The words after them.
  private(set) var rest: ArraySlice<String> = []

  /// The options of the command that have long names.
  var options: [String] {
    Passo.helpMessage(for: command, columns: HelpText.unbroken)
      // A flag stands beside its opposite: `--tied/--no-tied`.
      .split { $0.isWhitespace || $0 == "," || $0 == "/" }
      .filter { $0.hasPrefix("--") }
      .map { String($0) }
  }

  /// The first option among the words that there is not: what is missing may be what it means.
  var unknownOption: String? {
    let known = Set(options)
    return rest.map { String($0.prefix { $0 != "=" }) }
      .first { $0.hasPrefix("--") && $0.count > 2 && !known.contains($0) }
  }

  /// What to say of an option that there is not.
  func unknown(_ option: String) -> UsageProblem {
    let found = Bilingual.quoted(option)
    return UsageProblem(
      it: "\(text) non ha l'opzione \(found.it)",
      en: "\(text) has no option \(found.en)",
      // The parser's own idea of what is close goes far with short names.
      hint: OtherOptions(options: options).hint(for: option)
    )
  }

  /// The word after an option, if there is one.
  func word(after option: String) -> String? {
    rest.firstIndex(of: option).flatMap { rest[($0 + 1)...].first }
  }

  /// What `help` would say.
  var helpHint: Bilingual {
    let lists =
      subcommands.isEmpty
      ? Bilingual(it: "elenca le opzioni", en: "lists the options")
      : Bilingual(it: "elenca i comandi", en: "lists the commands")
    return Bilingual(same: "\(text) --help ") + lists
  }

  private var subcommands: [any ParsableCommand.Type] { command.configuration.subcommands }

  /// Follows the words as far as they name commands.
  init(_ arguments: [String]) {
    // `passo help train` is about `passo train`.
    rest = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    while let word = rest.first {
      guard !subcommands.isEmpty, !word.hasPrefix("-") else { return }
      guard let next = subcommands.first(where: { $0.configuration.commandName == word }) else {
        unknown = word == "help" ? nil : word
        return
      }
      rest = rest.dropFirst()
      names.append(TwoWordCommand.typed(word))
      command = next
    }
  }

  /// What to say of a command that does not exist, if there is one.
  var problem: UsageProblem? {
    guard let unknown else { return nil }
    let known = subcommands.compactMap { $0.configuration.commandName }
    let closest =
      OtherSubcommands.own(unknown, among: known) ?? Suggestion.closest(to: unknown, among: known)
    let name = Bilingual.quoted(names.count > 1 ? "\(text) \(unknown)" : unknown)
    return UsageProblem(
      Bilingual(it: "il comando \(name.it) non esiste", en: "there is no command \(name.en)"),
      hint: closest.map { .didYouMean("\(text) \($0)") } ?? helpHint
    )
  }
}
