// SPDX-License-Identifier: MIT

import PassoShell
import PassoText

/// The manual page, made from the tables from which help is made.
struct Manual {
  private let tree: CommandTree
  private let language: Language
  private var page: Roff

  /// Writes the page.
  ///
  /// - Parameters:
  ///   - tree: The commands, with their texts in the language.
  ///   - language: That of all other texts.
  init(_ tree: CommandTree, _ language: Language) {
    self.tree = tree
    self.language = language
    page = Roff(
      title: "PASSO",
      day: ProgramVersion.day,
      source: "Passo \(ProgramVersion.number)",
      manual: Bilingual(it: "Manuale di Passo", en: "Passo Manual")[language]
    )
    writeOpening()
    writeCommands()
    writeSessionCommands()
    writeEntries()
    writeExamples()
  }

  /// The source of the page.
  var text: String { page.text }

  private mutating func section(it: String, en: String) {
    page.section(Bilingual(it: it, en: en)[language])
  }

  private mutating func paragraph(it: String, en: String) {
    page.paragraph(Bilingual(it: it, en: en)[language])
  }

  // MARK: Opening

  private mutating func writeOpening() {
    section(it: "NOME", en: "NAME")
    var summary = tree.summary
    if summary.hasSuffix(".") { summary.removeLast() }
    let first = summary.prefix(1).lowercased()
    page.line("passo - " + first + summary.dropFirst())
    section(it: "SINTASSI", en: "SYNOPSIS")
    let options = Bilingual(it: "opzioni", en: "options")[language]
    let command = Bilingual(it: "comando", en: "command")[language]
    page.line([
      .bold("passo"), .plain(" ["), .italic(command), .plain("] ["), .italic(options),
      .plain("] ..."),
    ])
    section(it: "DESCRIZIONE", en: "DESCRIPTION")
    page.line(tree.summary)
    page.paragraph(tree.discussion)
    paragraph(
      it:
        "Nessun comando ha bisogno della rete. A un errore rispondono una frase e un suggerimento.",
      en: "No command needs a network. A mistake is answered by one sentence and one hint."
    )
  }

  // MARK: Commands

  /// Options that every command has.
  private static let common: Set = ["--lang", "--plain", "--help", "--version"]

  private mutating func writeCommands() {
    section(it: "OPZIONI", en: "OPTIONS")
    let usual = tree.usual.flatMap(tree.subcommand)?.parameters ?? []
    let all = usual + tree.parameters
    page.line(Bilingual(it: "Di ogni comando:", en: "Of every command:")[language])
    var written: Set<[String]> = []
    write(all.filter { Self.isCommon($0) && written.insert($0.names).inserted })
    section(it: "COMANDI", en: "COMMANDS")
    for (path, command) in tree.all.dropFirst() {
      page.subsection(path)
      let own = command.parameters.filter { !Self.isCommon($0) }
      let options = Bilingual(it: "opzioni", en: "options")[language]
      page.line(
        [.bold(path)] + own.flatMap(Self.synopsis) + [.plain(" ["), .italic(options)]
          + [.plain("]")]
      )
      page.paragraph(command.summary)
      if !command.discussion.isEmpty { page.paragraph(command.discussion) }
      write(own)
    }
  }

  private static func isCommon(_ parameter: CommandTree.Parameter) -> Bool {
    !common.isDisjoint(with: parameter.names)
  }

  private mutating func write(_ parameters: [CommandTree.Parameter]) {
    for parameter in parameters {
      page.item(Self.heading(parameter), text: parameter.explanation(language))
    }
  }

  /// The names of an option, and what stands for its value.
  private static func heading(_ parameter: CommandTree.Parameter) -> [Roff.Run] {
    let names = parameter.names.enumerated().flatMap { index, name -> [Roff.Run] in
      index == 0 ? [.bold(name)] : [.plain(", "), .bold(name)]
    }
    guard let value = parameter.value else { return names }
    return names + [.plain(names.isEmpty ? "" : " "), .italic(value)]
      + (parameter.isRepeating ? [.plain(" ...")] : [])
  }

  /// What has to be there, as it stands on a line.
  private static func synopsis(_ parameter: CommandTree.Parameter) -> [Roff.Run] {
    guard !parameter.isOptional else { return [] }
    return [.plain(" ")] + heading(parameter)
  }

  // MARK: The REPL

  private mutating func writeSessionCommands() {
    section(it: "COMANDI DEL REPL", en: "COMMANDS OF THE REPL")
    page.line(
      Bilingual(
        it: "Una riga che comincia con «:» è un comando, e ne bastano le prime lettere; :help NOME"
          + " ne dice tutto. Una riga senza è un'espressione sui valori e sui parametri, come"
          + " softmax(logits[0, 1]); :help expressions elenca che cosa c'è.",
        en: "A line that begins with ':' is a command, of which the first letters are enough; :help"
          + " NAME explains all of it. A line without one is an expression over values and"
          + " parameters, as softmax(logits[0, 1]); :help expressions lists what there is."
      )[language]
    )
    for group in CommandGroup.allCases {
      page.subsection(group.title[language])
      for command in CommandTable.all where command.group == group {
        let synopsis = command.synopsis[language]
        let name = ":\(command.name)"
        let alias = command.alias.map { [Roff.Run.plain(", "), .bold(":\($0)")] } ?? []
        page.item(
          [.bold(name), .plain(String(synopsis.dropFirst(name.count)))] + alias,
          text: command.summary[language]
        )
      }
    }
  }

  // MARK: Variables, files, statuses

  private mutating func writeEntries() {
    section(it: "AMBIENTE", en: "ENVIRONMENT")
    write(ManualEntry.variables) { .bold($0) }
    section(it: "FILE", en: "FILES")
    write(ManualEntry.files) { .italic($0) }
    section(it: "STATO D'USCITA", en: "EXIT STATUS")
    write(ManualEntry.statuses) { .bold($0) }
  }

  private mutating func write(_ entries: [ManualEntry], as style: (String) -> Roff.Run) {
    for entry in entries {
      page.item([style(entry.name)], text: entry.meaning[language])
    }
  }

  private mutating func writeExamples() {
    section(it: "ESEMPI", en: "EXAMPLES")
    for (index, example) in ManualExample.all.enumerated() {
      let meaning = example.meaning[language]
      if index == 0 { page.line(meaning) } else { page.paragraph(meaning) }
      page.listing(example.lines)
    }
    section(it: "VEDERE ANCHE", en: "SEE ALSO")
    page.line([.bold("editrc"), .plain("(5)")])
  }
}
