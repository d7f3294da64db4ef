// SPDX-License-Identifier: MIT

import PassoText
import PassoView

/// The help screens, made from the command table.
enum HelpView {
  /// One screen with every command, by group.
  static var overview: Figure {
    let groups = CommandGroup.allCases.compactMap { group -> TextFigure.Paragraph? in
      let commands = CommandTable.all.filter { $0.group == group }
      guard !commands.isEmpty else { return nil }
      var runs = [Run(group.title, .heading), Run(" ")]
      for command in commands {
        runs += [Run(" "), Run(":\(command.name)", .code)]
        if let alias = command.alias { runs.append(Run("(\(alias))", .dim)) }
      }
      return .init(runs)
    }
    let usage = Bilingual(
      it: "Bastano le prime lettere; (s) è l'abbreviazione di una lettera. Invio ripete un passo o"
        + " esegue la riga pronta, Tab completa, Ctrl-D esce. Un testo incollato è un pezzo solo, e"
        + " niente ne viene eseguito prima di Invio; # apre un commento. Una riga senza «:» è"
        + " un'espressione:",
      en: "The first letters are enough; (s) is the one-letter form. Enter repeats a step or runs"
        + " the prepared line, Tab completes, Ctrl-D leaves. Pasted text is one piece, and nothing"
        + " of it runs before Enter; # begins a comment. A line without ':' is an expression:"
    )
    return .text(
      TextFigure(
        groups + [
          .init([
            Run(usage), Run(" "), Run("softmax(logits[0, 1])", .code),
          ]),
          .init([
            Run(":help show", .code),
            Run(Bilingual(it: " spiega un comando, ", en: " explains a command, ")),
            Run(":help expressions", .code),
            Run(Bilingual(it: " le espressioni.", en: " the expressions.")),
          ]),
        ]
      )
    )
  }

  /// All about one command.
  static func page(_ command: Command) -> Figure {
    var lines = [TextFigure.Paragraph([Run(command.synopsis, .code)])]
    func add(_ runs: Run...) { lines.append(.init(runs, indent: 2)) }
    add(Run(command.summary))
    if let details = command.details { add(Run(details)) }
    lines += command.words.map { .init([Run($0, .code), Run("  "), Run($1, .dim)], indent: 4) }
    if let alias = command.alias {
      add(Run(Bilingual(it: "in breve ", en: "short form ")), Run(":\(alias)", .code))
    }
    if command.repeats {
      add(Run(Bilingual(it: "un Invio a vuoto lo ripete", en: "an empty Enter repeats it")))
    }
    add(Run(Bilingual(it: "esempi", en: "examples"), .dim))
    lines += command.examples.map { .init([Run($0, .code)], indent: 4) }
    return .text(TextFigure(lines))
  }
}
