// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoText

extension ArgumentHelp {
  /// What an option is for, said in the language of this process.
  init(it: String, en: String, value: Bilingual? = nil) {
    self.init(Bilingual(it: it, en: en).spoken, valueName: value?.spoken)
  }
}

extension Option {
  /// An option that takes the next word whatever it is, to say what is needed if it does not fit.
  ///
  /// With `-1` the parser itself would say that nothing was found; and it does not tell defaults
  /// of values that it does not read.
  init(wrappedValue: Value, help: ArgumentHelp, parser: @escaping ValueParser.Reading<Value>) {
    var help = help
    help.abstract +=
      Bilingual(it: " (predefinito: \(wrappedValue))", en: " (default: \(wrappedValue))").spoken
    self.init(wrappedValue: wrappedValue, parsing: .unconditional, help: help, transform: parser)
  }

  /// The same, with what it is for in each language.
  init(
    wrappedValue: Value,
    it: String,
    en: String,
    parser: @escaping ValueParser.Reading<Value>
  ) {
    self.init(wrappedValue: wrappedValue, help: ArgumentHelp(it: it, en: en), parser: parser)
  }

  /// The same for an option that has to be there.
  @_disfavoredOverload
  init(it: String, en: String, parser: @escaping ValueParser.Reading<Value>) {
    self.init(parsing: .unconditional, help: ArgumentHelp(it: it, en: en), transform: parser)
  }

  /// The same for an option that may be left out.
  init<Wrapped>(help: ArgumentHelp, parser: @escaping ValueParser.Reading<Wrapped>)
  where Value == Wrapped? {
    self.init(parsing: .unconditional, help: help, transform: parser)
  }

  /// The same, with what it is for in each language.
  init<Wrapped>(it: String, en: String, parser: @escaping ValueParser.Reading<Wrapped>)
  where Value == Wrapped? {
    self.init(help: ArgumentHelp(it: it, en: en), parser: parser)
  }
}

extension Option where Value: ExpressibleByArgument {
  /// An option that has to be there, with what it is for in each language.
  init(it: String, en: String) { self.init(help: ArgumentHelp(it: it, en: en)) }

  /// The same for an option that has a value in any case.
  init(
    wrappedValue: Value,
    parsing: SingleValueParsingStrategy = .next,
    it: String,
    en: String
  ) {
    self.init(wrappedValue: wrappedValue, parsing: parsing, help: ArgumentHelp(it: it, en: en))
  }
}

extension Option {
  /// The same for an option that may be left out.
  init<Wrapped: ExpressibleByArgument>(
    parsing: SingleValueParsingStrategy = .next,
    it: String,
    en: String
  ) where Value == Wrapped? {
    self.init(parsing: parsing, help: ArgumentHelp(it: it, en: en))
  }
}

extension Flag where Value == Bool {
  /// What is done or not, said in the language of this process.
  init(wrappedValue: Bool, it: String, en: String) {
    self.init(wrappedValue: wrappedValue, help: ArgumentHelp(it: it, en: en))
  }
}

extension CommandConfiguration {
  /// A command whose help is said in the language of this process.
  init(
    _ name: String,
    it: String,
    en: String,
    discussion: Bilingual? = nil,
    version: String = "",
    subcommands: [any ParsableCommand.Type] = [],
    defaultSubcommand: (any ParsableCommand.Type)? = nil
  ) {
    self.init(
      commandName: name,
      abstract: Bilingual(it: it, en: en).spoken,
      discussion: discussion?.spoken ?? "",
      version: version,
      subcommands: subcommands,
      defaultSubcommand: defaultSubcommand
    )
  }
}

/// The help that the parser makes of all this, with its own words in the language of a person.
enum HelpText {
  /// Wide enough for any paragraph: lines are broken when they are in their language.
  static let unbroken = 1 << 16

  /// Where what an option is for begins, as the parser has it.
  private static let column = 26

  private static let opening = "OVERVIEW: "
  private static let usage = ["USAGE: ", "USO: "]

  /// Words of the parser, in both languages.
  private static let words: [(en: String, it: String)] = [
    ("ARGUMENTS:", "ARGOMENTI:"),
    ("OPTIONS:", "OPZIONI:"),
    ("SUBCOMMANDS:", "COMANDI:"),
    ("  Show the version.", "  Mostra la versione."),
    ("  Show help information.", "  Mostra questo aiuto."),
    ("  Show subcommand help information.", "  Mostra l'aiuto di un comando."),
    // As wide as the blanks that it takes the place of.
    (" (default)      ", " (predefinito)  "),
    ("(default: ", "(predefinito: "),
    ("(values: ", "(valori: "),
    ("; default: ", "; predefinito: "),
    ("[<options>]", "[<opzioni>]"),
    (" <options>", " <opzioni>"),
    ("<subcommand>", "<comando>"),
    ("  See '", "  «"),
    ("' for detailed help.", "» spiega un comando."),
    (opening, "IN BREVE: "),
    (usage[0], usage[1]),
  ]

  /// Whether a text is help, and not a version or a script for a shell.
  static func isHelp(_ text: String) -> Bool { text.hasPrefix(opening) }

  /// Help in a language, broken to a width.
  ///
  /// - Parameters:
  ///   - text: The parser's help, made `unbroken` wide.
  ///   - language: That of the texts in it.
  ///   - columns: How wide the screen is.
  ///   - environment: Whether to list the variables of the environment, before the last line.
  /// - Returns: The help, without a line end after it.
  static func text(
    _ text: String,
    _ language: Language,
    columns: Int,
    environment: Bool = false
  ) -> String {
    var lines = TwoWordCommand.typed(text)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if environment { lines.insert(contentsOf: variables(language) + [""], at: lines.count - 1) }
    return
      lines
      .map { broken(translated($0, language), columns: max(columns, column + 20)) }
      .joined(separator: "\n")
  }

  /// The variables of the environment, as the parser lists options.
  private static func variables(_ language: Language) -> [String] {
    [Bilingual(it: "AMBIENTE:", en: "ENVIRONMENT:")[language]]
      + ManualEntry.variables.flatMap { variable -> [String] in
        let name = "  \(variable.name)"
        let gap = String(repeating: " ", count: max(0, column - name.count))
        // A long name stands in a line of its own.
        guard gap.isEmpty else { return [name + gap + variable.meaning[language]] }
        return [name, String(repeating: " ", count: column) + variable.meaning[language]]
      }
  }

  /// A line of the parser with its own words in a language.
  static func translated(_ line: String, _ language: Language) -> String {
    guard language == .it else { return line }
    return words.reduce(line) { $0.replacing($1.en, with: $1.it) }
  }

  /// Where the lines after the first begin, if it has to be broken.
  private static func indent(of line: String) -> Int {
    if line.hasPrefix("  ") { return column }
    let label = usage.map { line.hasPrefix($0) ? $0.count : 0 }
    return label.max() ?? 0
  }

  private static func broken(_ line: String, columns: Int) -> String {
    guard DisplayWidth.of(line) > columns else { return line }
    let indent = indent(of: line)
    var lines: [String] = []
    var current = String(line.prefix(indent))
    var isEmpty = true
    for word in line.dropFirst(indent).split(separator: " ") {
      if !isEmpty, DisplayWidth.of(current) + 1 + DisplayWidth.of(String(word)) > columns {
        lines.append(current)
        (current, isEmpty) = (String(repeating: " ", count: indent), true)
      }
      current += isEmpty ? String(word) : " \(word)"
      isEmpty = false
    }
    return (lines + [current]).joined(separator: "\n")
  }
}
