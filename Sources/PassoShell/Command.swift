// SPDX-License-Identifier: MIT

import PassoText

/// A command of the REPL: what is said of it, and what it does.
///
/// Adding one is adding a file under `Commands` and a line in `CommandTable`.
@dynamicMemberLookup
package struct Command: Sendable {
  package let description: CommandDescription
  package let action: CommandAction

  init(_ description: CommandDescription, _ action: CommandAction) {
    (self.description, self.action) = (description, action)
  }

  package subscript<Value>(dynamicMember key: KeyPath<CommandDescription, Value>) -> Value {
    description[keyPath: key]
  }

  /// Whether it decides which lines come next: no line of a lesson may.
  var steers: Bool { if case .steer = action { true } else { false } }
}

/// All that the parser, completion, `:help` and the tests need to know of a command, and the few
/// facts of it that no type says.
package struct CommandDescription: Sendable {
  /// The name without the colon.
  package let name: String

  /// One letter that always means this command.
  package var alias: String?

  package let group: CommandGroup

  /// What may follow the name, as `[n]`.
  package var arguments = ""

  /// What it does, as a short sentence in each language.
  let it: String
  let en: String

  /// What a person may want to know besides.
  package var details: Bilingual?

  /// The words that may follow, each with what it is for, where they are many.
  package var words: [(typed: String, meaning: Bilingual)] = []

  /// Lines that show it; tests run them on a new session, in order.
  package let examples: [String]

  /// What can complete its argument.
  package var completion: ArgumentKind = .none

  /// Whether what follows may be text without quotation marks, in which `#` is a character.
  package var takesText = false

  /// Values, or ends of their names, of which it shows numbers without being told their names.
  package var shows: [String] = []

  /// Hundredths of a second in which, told to stop, it can come to a good end and say what it has.
  var grace = usualGrace

  static let usualGrace = 4

  /// Whether an empty Enter does it again.
  package var repeats = false

  /// Whether it writes files: a recording mentions it and does not repeat it, and what it does
  /// cannot be thrown away half-way.
  package var writesFiles = false

  /// A line that shows it; the examples of some begin with what they need.
  var example: String {
    examples.first { $0.hasPrefix(":\(name) ") } ?? examples.first { $0 == ":\(name)" }
      ?? examples[0]
  }

  /// What it does, as a short sentence.
  package var summary: Bilingual { Bilingual(it: it, en: en) }

  /// The name as it is typed, with its arguments.
  package var synopsis: Bilingual {
    let typed = Bilingual(same: ":\(name)")
    guard !arguments.isEmpty else { return typed }
    return typed + Bilingual(same: " ") + Placeholders.named(in: arguments)
  }
}

/// The parts of the help screen.
package enum CommandGroup: CaseIterable, Sendable {
  case data
  case model
  case move
  case stop
  case look
  case change
  case learn
  case lesson
  case session

  /// The heading.
  package var title: Bilingual {
    switch self {
    case .data: Bilingual(it: "dati", en: "data")
    case .model: Bilingual(it: "modello", en: "model")
    case .move: Bilingual(it: "muoversi", en: "move")
    case .stop: Bilingual(it: "fermarsi", en: "stop")
    case .look: Bilingual(it: "guardare", en: "look")
    case .change: Bilingual(it: "cambiare", en: "change")
    case .learn: Bilingual(it: "imparare", en: "learn")
    case .lesson: Bilingual(it: "lezione", en: "lesson")
    case .session: Bilingual(it: "sessione", en: "session")
    }
  }
}

/// What an argument names, so that it can be completed.
package enum ArgumentKind: Sendable {
  case none

  /// A value, or one of some words in its place.
  case value(or: [String] = [])

  case command
  case lesson
  case words([String])

  /// A path, or one of some words in its place; behind it only some words, or more paths for nil.
  case path(PathKind, or: [String] = [], then: [String]? = [])
}

extension ArgumentKind {
  /// Whether it is a value, whose places can be named by tokens.
  var takesValues: Bool { if case .value = self { true } else { false } }
}

/// Why a command line cannot be carried out.
package enum CommandProblem: WordedProblem, Equatable {
  case unknownCommand(String, closest: String?)
  case ambiguousCommand(String, candidates: [String])
  case unfinishedQuote
  case quotedInside(text: [String])
  case unquotedText(command: String, String)
  case missingArgument(command: String, needs: Bilingual, example: String)
  case tooManyArguments(command: String, found: String, example: String)
  case notACount(String, example: String)
  case notANumber(String, NumberRange, example: String)
  case unknownWord(String, allowed: [String], behind: String? = nil)
  case notAHead(String)
  case pathWithBlanks(command: String, String)
  case sizeOfModel(String)
  case chatWithoutFolder
  case noCommand(String, topic: String)

  package var wording: Wording {
    switch self {
    case .unknownCommand(let name, let closest):
      Bilingual(
        it: "il comando \(it: ":\(name)") non esiste",
        en: "there is no command \(en: ":\(name)")"
      ).hint(
        OtherNames.hint(for: name) ?? closest.map { Bilingual.didYouMean(":\($0)") }
          ?? Bilingual(it: ":help elenca i comandi", en: ":help lists the commands")
      )
    case .noCommand(let name, let line):
      Bilingual(
        it: "\(it: name) non è un comando",
        en: "\(en: name) is no command"
      ).hint(it: "\(line) lo spiega", en: "\(line) explains it")
    case .ambiguousCommand(let prefix, let candidates):
      Bilingual(
        it: "\(it: ":\(prefix)") può essere \(Self.list(candidates, " o "))",
        en: "\(en: ":\(prefix)") may be \(Self.list(candidates, " or "))"
      ).hint(it: "scrivi una lettera in più", en: "type one more letter")
    case .unfinishedQuote:
      Bilingual(it: "le virgolette non sono chiuse", en: "the quotation mark is not closed")
        .hint(it: "aggiungi \" alla fine", en: "add \" at the end")
    case .pathWithBlanks(let command, let path):
      Bilingual(
        it: "\(it: path) sono più parole: un nome con spazi va fra virgolette",
        en: "\(en: path) is several words: a name with blanks needs quotation marks"
      ).hint(Bilingual(same: ":\(command) \"\(path)\""))
    case .sizeOfModel(let name):
      Bilingual(
        it: "le misure vengono dopo il nome di un modello, e non c'è prima di \(it: name)",
        en: "sizes come after the name of a model, and there is none before \(en: name)"
      ).hint(
        it: ":model new layers 2 heads 4 width 32 ne comincia uno; :help model elenca le misure",
        en: ":model new layers 2 heads 4 width 32 begins one; :help model lists the sizes"
      )
    case .chatWithoutFolder:
      Bilingual(
        it: "chat vuole un modello aperto da una cartella con uno schema di chat (chat_template);"
          + " questo non viene da una cartella",
        en: "chat needs a model from a folder with a chat template; this one is from no folder"
      ).hint(
        it: "apri una cartella con :model CARTELLA, o togli la parola chat",
        en: "open a folder with :model FOLDER, or leave the word chat out"
      )
    case .quotedInside(let words):
      Bilingual(
        it: "le virgolette stanno in mezzo al testo, non attorno",
        en: "the quotation marks stand inside the text, not around it"
      ).hint(
        it: "per un testo solo: :text \"\(words.joined(separator: " "))\"",
        en: "for a single text: :text \"\(words.joined(separator: " "))\""
      )
    case .unquotedText(let command, let text):
      Bilingual(it: "un testo va fra virgolette", en: "a text needs quotation marks")
        .hint(Bilingual(same: ":\(command) \"\(text)\""))
    case .missingArgument(let command, let needs, let example):
      Bilingual(
        it: "\(it: ":\(command)") vuole \(needs.it), qui non c'è niente",
        en: "\(en: ":\(command)") needs \(needs.en), found nothing"
      ).hint(.example(example))
    case .tooManyArguments(let command, let found, let example):
      Bilingual(
        it: "\(it: ":\(command)") non sa che fare di \(it: found)",
        en: "\(en: ":\(command)") has no use for \(en: found)"
      ).hint(OptionNames.hint(for: found) ?? .example(example))
    case .notACount(let found, let example):
      Bilingual(
        it: "qui ci va un numero intero da 1 a 1000000, non \(it: found)",
        en: "needs a whole number from 1 to 1000000, got \(en: found)"
      ).hint(OptionNames.hint(for: found) ?? .example(example))
    case .notANumber(let found, let range, let example):
      Bilingual(
        it: "qui ci va \(range.name.it), non \(it: found)",
        en: "needs \(range.name.en), got \(en: found)"
      ).hint(OptionNames.hint(for: found) ?? .example(example))
    case .notAHead(let found):
      Bilingual(
        it: "una testa si scrive blocco.testa, non \(it: found)",
        en: "a head is written block.head, got \(en: found)"
      ).hint(
        it: "per esempio 0.1, la seconda testa del primo blocco",
        en: "for example 0.1, the second head of the first block"
      )
    case .unknownWord(let found, let allowed, let command):
      Bilingual(
        it: allowed.count == 1
          ? "qui va \(allowed[0]), non \(it: found)"
          : "qui non ci va \(it: found): scegli fra \(allowed.joined(separator: ", "))",
        en: "needs one of \(allowed.joined(separator: ", ")), got \(en: found)"
      ).hint(
        OptionNames.hint(for: found, among: allowed)
          ?? Suggestion.closest(to: found, among: allowed).map(Bilingual.didYouMean)
          ?? allowed.first.map { first in .example((command.map { ":\($0) " } ?? "") + first) }
      )
    }
  }

  private static func list(_ names: [String], _ last: String) -> String {
    let quoted = names.map { ":\($0)" }
    return quoted.dropLast().joined(separator: ", ") + last + (quoted.last ?? "")
  }
}

extension Bilingual {
  /// What to do where a file is in the way.
  static let otherName = Bilingual(
    it: "scegli un altro nome, o prima sposta il file",
    en: "choose another name, or move the file first"
  )

  /// A line as an example.
  static func example(_ line: String) -> Bilingual {
    Bilingual(it: "per esempio \(line)", en: "for example \(line)")
  }
}
