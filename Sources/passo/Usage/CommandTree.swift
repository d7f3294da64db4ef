// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoFiles
import PassoText

/// A command of the program with all below it, as the parser knows it: its help, the manual page
/// and completion are made of the same.
struct CommandTree: Sendable {
  /// The name as the parser knows it.
  private(set) var name = ""

  /// What it is for, in the language of this process; empty if nobody says.
  private(set) var summary = ""

  /// What else there is to say; empty if nothing.
  private(set) var discussion = ""

  /// The options and arguments, in the order of the help.
  private(set) var parameters: [Parameter] = []

  /// In the order of the help, without the parser's own `help`.
  private(set) var subcommands: [CommandTree] = []

  /// The subcommand that needs no name.
  private(set) var usual: String?

  /// The words as a person types them.
  var typed: String { TwoWordCommand.typed(name) }

  /// This command and all below it, each with the words that lead to it from the first on.
  var all: [(path: String, command: CommandTree)] {
    [(typed, self)]
      + subcommands.flatMap(\.all).map { ("\(typed) \($0.path)", $0.command) }
  }

  /// The command of this name below this one.
  func subcommand(_ name: String) -> CommandTree? { subcommands.first { $0.name == name } }

  /// The option that a word is; nil if it is none of this command.
  func option(_ word: String) -> Parameter? { parameters.first { $0.names.contains(word) } }

  /// All that the program understands.
  ///
  /// - Throws: `FileProblem` if the parser says it in another way than we know.
  static func whole() throws(FileProblem) -> CommandTree {
    let text = Array(Passo._dumpHelp().utf8)
    return try JSONReader.read(text, file: "--experimental-dump-help") {
      (reader) throws(JSONFault) in
      var tree = CommandTree()
      try reader.object { (key, reader) throws(JSONFault) in
        if key == "command" { tree = try CommandTree(&reader) } else { try reader.skip() }
      }
      return tree
    }
  }

  private init() {}

  private init(_ reader: inout JSONReader) throws(JSONFault) {
    try reader.object { (key, reader) throws(JSONFault) in
      switch key {
      case "commandName": name = try reader.string()
      case "abstract": summary = try reader.string()
      case "discussion": discussion = try reader.string()
      case "defaultSubcommand": usual = try reader.string()
      case "arguments":
        parameters = try reader.list { (reader) throws(JSONFault) in try Parameter(&reader) }
          .filter(\.isShown)
      case "subcommands":
        subcommands = try reader.list { (reader) throws(JSONFault) in try CommandTree(&reader) }
          .filter { $0.name != "help" }
      default: try reader.skip()
      }
    }
  }
}

extension CommandTree {
  /// An option, a flag or an argument of a command.
  struct Parameter: Sendable {
    /// The names with their dashes, the usual one first; none for what stands at a place.
    private(set) var names: [String] = []

    /// What stands for the value; nil for what takes none.
    private(set) var value: String?

    /// What it is for.
    private(set) var summary = ""

    /// The words that it takes, where the parser knows them.
    private(set) var words: [String] = []

    /// What it is if nothing is said, where the parser tells.
    private(set) var usual: String?

    /// Whether it may be left out.
    private(set) var isOptional = false

    /// Whether it may be given more than once, or takes more than one value.
    private(set) var isRepeating = false

    /// Whether values go on behind the first up to the next option.
    private(set) var takesMore = false

    /// Whether help speaks of it.
    fileprivate private(set) var isShown = true

    /// Whether it has a name, and a value behind it.
    var isOption: Bool { !names.isEmpty && value != nil }

    /// Whether it stands at a place, without a name.
    var isPositional: Bool { names.isEmpty }

    fileprivate init(_ reader: inout JSONReader) throws(JSONFault) {
      var kind = ""
      try reader.object { (key, reader) throws(JSONFault) in
        switch key {
        case "kind": kind = try reader.string()
        case "names":
          names = try reader.list { (reader) throws(JSONFault) in try Self.name(&reader) }
        case "valueName": value = try reader.string()
        case "abstract": summary = try reader.string()
        case "allValues": words = try reader.strings()
        case "defaultValue": usual = try reader.string()
        case "isOptional": isOptional = try reader.boolean()
        case "isRepeating": isRepeating = try reader.boolean()
        case "parsingStrategy": takesMore = try reader.string() == "upToNextOption"
        case "shouldDisplay": isShown = try reader.boolean()
        default: try reader.skip()
        }
      }
      names.sort { $0.hasPrefix("--") && !$1.hasPrefix("--") }
      if kind == "positional" { names = [] }
      if kind == "flag" { value = nil }
    }

    private static func name(_ reader: inout JSONReader) throws(JSONFault) -> String {
      var (kind, name) = ("", "")
      try reader.object { (key, reader) throws(JSONFault) in
        switch key {
        case "kind": kind = try reader.string()
        case "name": name = try reader.string()
        default: try reader.skip()
        }
      }
      return (kind == "long" ? "--" : "-") + name
    }

    /// What it is for; the parser's own sentences are put in the language of this process.
    var meaning: String {
      // The table of its words knows them behind blanks.
      String(HelpText.translated("  " + summary, Invocation.current.language).dropFirst(2))
    }

    /// What it is for, with the words that it takes and its usual value, as help says it.
    func explanation(_ language: Language) -> String {
      let isSaid = ["(default: ", "(predefinito: "].contains { summary.contains($0) }
      var notes: [Bilingual] = []
      if !words.isEmpty {
        let list = words.joined(separator: ", ")
        notes.append(Bilingual(it: "valori: \(list)", en: "values: \(list)"))
      }
      if let usual, !isSaid, value != nil {
        notes.append(Bilingual(it: "predefinito: \(usual)", en: "default: \(usual)"))
      }
      return notes.isEmpty ? meaning : "\(meaning) (\(notes.joined(separator: "; ")[language]))"
    }
  }
}
