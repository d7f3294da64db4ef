// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoText

/// What the argument parser says, in our words.
///
/// Its errors have no public kinds, so its English is read; a sentence of a newer version that is
/// in no line of the table is passed on as it is.
struct ParserMessage {
  private let path: CommandPath

  /// The sentence, as the parser made it.
  private let text: String

  /// What the option is for, as its help says; nil if the sentence is about none.
  private let help: Bilingual?

  /// What the option wants, if it is one of ours to read.
  private let value: OptionValueProblem?

  private init(_ error: any Error, _ path: CommandPath) {
    self.path = path
    text = Passo.message(for: error)
    help = Self.help(in: Passo.fullMessage(for: error))
    value = Self.find(OptionValueProblem.self, in: error)
  }

  /// Whether an error is about how the command line is written, not about what came of it.
  static func isUsage(_ error: any Error) -> Bool {
    // The parser gives its own status to its own errors only, and not to ours inside them.
    Passo.exitCode(for: error) == .validationFailure || find(UsageProblem.self, in: error) != nil
  }

  /// The problem with a command line that the parser refuses; a stranger's error is only said.
  static func problem(_ error: any Error, _ path: CommandPath) -> UsageProblem {
    var problem: UsageProblem
    if let own = find(UsageProblem.self, in: error) {
      problem = own
    } else {
      problem = ParserMessage(error, path).problem
    }
    if isUsage(error) { problem.hint = problem.hint ?? path.helpHint }
    return problem
  }

  /// The first value of a type inside an error: what `validate()` throws comes wrapped.
  private static func find<Found>(_ type: Found.Type, in value: Any, depth: Int = 6) -> Found? {
    if let found = value as? Found { return found }
    guard depth > 0 else { return nil }
    return Mirror(reflecting: value).children.lazy
      .compactMap { find(type, in: $0.value, depth: depth - 1) }
      .first
  }

  /// `Help:  --lr <lr>  The learning rate.`, which is in the language of the process already.
  private static func help(in text: String) -> Bilingual? {
    let label = "Help:  "
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(label) }),
      let gap = line.dropFirst(label.count).firstRange(of: "  ")
    else { return nil }
    let name = line[..<gap.lowerBound].dropFirst(label.count)
    var said = line[gap.upperBound...]
    if said.hasSuffix(".") { said.removeLast() }
    return Bilingual(same: "\(name): \(said)")
  }

  private var problem: UsageProblem {
    for (pattern, say) in Self.table {
      if let parts = Self.match(text, pattern) { return say(self, parts) }
    }
    let line = text.split(separator: "\n").joined(separator: " ")
    return UsageProblem(Bilingual(same: line))
  }

  /// The parts of a text that stand in the place of each `%`, if the rest is the same.
  static func match(_ text: String, _ pattern: String) -> [String]? {
    let literals = pattern.split(separator: "%", omittingEmptySubsequences: false)
    guard let first = literals.first, let last = literals.last, text.hasPrefix(first) else {
      return nil
    }
    var rest = text.dropFirst(first.count)
    guard literals.count > 1 else { return rest.isEmpty ? [] : nil }
    var parts: [String] = []
    for literal in literals.dropFirst().dropLast() {
      guard let range = rest.firstRange(of: literal) else { return nil }
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    guard rest.hasSuffix(last) else { return nil }
    return parts + [String(rest.dropLast(last.count))]
  }
}

// MARK: - The table

extension ParserMessage {
  private typealias Say = @Sendable (ParserMessage, [String]) -> UsageProblem

  /// The parser's sentences, the more particular one first.
  private static let table: [(pattern: String, say: Say)] = [
    ("Unknown option '%'\n   or: Missing value for '%' in '%'", { $0.unknown($1[0]) }),
    ("Unknown option '%'. Did you mean '%'?", { $0.unknown($1[0]) }),
    ("Unknown option '%'", { $0.unknown($1[0]) }),
    ("Invalid option: %", { $0.unknown($1[0]) }),
    ("Missing value for '%'", { $0.valueless($1[0]) }),
    ("Missing expected argument '%'", { $0.missing($1[0]) }),
    ("Missing one of: '%'", { $0.missing($1[0]) }),
    ("The option '%' does not take any value, but '%' was specified.", { $0.valued($1[0], $1[1]) }),
    ("Unexpected argument '%'", { $0.extra($1[0]) }),
    ("% unexpected arguments: '%'", { $0.extra($1[1]) }),
    (
      "Value to be set with flag '%' had already been set with flag '%'",
      { $0.exclusive($1[1], $1[0]) }
    ),
    (
      "The value '%' is invalid for '%'. Please provide one of %",
      { $0.wrong($1[1], $1[0], names(in: $1[2])) }
    ),
    ("The value '%' is invalid for '%': %", { $0.wrong($1[1], $1[0], []) }),
    ("The value '%' is invalid for '%'", { $0.wrong($1[1], $1[0], []) }),
    ("Can't generate completion scripts for '%'.\n%", { _, parts in shell(parts[0]) }),
    ("Can't autodetect a supported shell.\n%", { _, _ in shell(nil) }),
  ]

  /// `'f32' and 'f64'.`, or one `  - name` a line.
  private static func names(in list: String) -> [String] {
    if list.contains("  - ") {
      return list.split(separator: "\n").filter { $0.hasPrefix("  - ") }
        .map { String($0.dropFirst(4)) }
    }
    return list.split(separator: "'", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }
      .map { String($0.element) }
  }

  /// `--lr` of `--lr <lr>`.
  private static func name(of synopsis: String) -> String {
    String(synopsis.prefix { $0 != " " })
  }

  private func unknown(_ option: String) -> UsageProblem { path.unknown(option) }

  private func valueless(_ synopsis: String) -> UsageProblem {
    let name = Self.name(of: synopsis)
    let needed = Bilingual(it: "un valore", en: "a value")
    if let found = path.word(after: name) {
      return UsageProblem(name, needs: needed, got: found, hint: help)
    }
    return UsageProblem(
      it: "per \(name) manca \(needed.it)",
      en: "\(name) needs \(needed.en), got none",
      hint: help
    )
  }

  private func missing(_ synopsis: String) -> UsageProblem {
    if let typed = path.unknownOption { return unknown(typed) }
    let asked = (path.command as? any AskingCommand.Type)?.missingHint
    return UsageProblem(
      it: "a \(path.text) manca \(synopsis)",
      en: "\(path.text) needs \(synopsis), got none",
      hint: asked ?? help
    )
  }

  private func valued(_ name: String, _ found: String) -> UsageProblem {
    let found = Bilingual.quoted(found)
    return UsageProblem(
      it: "\(name) non vuole nessun valore: \(found.it) è di troppo",
      en: "\(name) needs no value, got \(found.en)"
    )
  }

  private func extra(_ words: String) -> UsageProblem {
    let found = words.split(separator: "', '").map { Bilingual.quoted($0) }
    let isTypographic = path.rest.contains { $0.contains { "“”„«»‘’".contains($0) } }
    let hint =
      isTypographic
      ? Bilingual(
        it: "la shell conosce solo le virgolette diritte: \"Il gatto\"",
        en: "the shell knows only straight quotation marks: \"Il gatto\""
      )
      : Bilingual(
        it: "un testo di più parole va fra virgolette",
        en: "a text of several words needs quotation marks"
      )
    return UsageProblem(
      it: "\(path.text) non sa che fare di \(found.map(\.it).joined(separator: ", "))",
      en: "\(path.text) has no use for \(found.map(\.en).joined(separator: ", "))",
      hint: hint
    )
  }

  private func exclusive(_ first: String, _ second: String) -> UsageProblem {
    UsageProblem(
      it: "\(path.text) vuole una sola opzione fra \(first) e \(second), non tutte e due",
      en: "\(path.text) needs one of \(first) and \(second), got both"
    )
  }

  private func wrong(_ synopsis: String, _ found: String, _ names: [String]) -> UsageProblem {
    let other = Bilingual(it: "un altro valore", en: "another value")
    let closest = Suggestion.closest(to: found, among: names).map(Bilingual.didYouMean)
    return UsageProblem(
      Self.name(of: synopsis),
      needs: value?.needed ?? (names.isEmpty ? other : .oneOf(names)),
      got: found,
      hint: value?.hint ?? closest ?? help
    )
  }

  private static func shell(_ found: String?) -> UsageProblem {
    let names = Bilingual.oneOf(CompletionShell.allCases.map(\.rawValue))
    let hint = Bilingual(
      it: "per esempio --generate-completion-script bash",
      en: "for example --generate-completion-script bash"
    )
    return UsageProblem(
      "--generate-completion-script",
      needs: names,
      got: found ?? "",
      hint: hint
    )
  }
}

/// A command that says what a person can put in the place of what is missing.
protocol AskingCommand: ParsableCommand {
  /// One thing to do where an argument is missing.
  static var missingHint: Bilingual? { get }
}
