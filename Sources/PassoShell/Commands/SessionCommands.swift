// SPDX-License-Identifier: MIT

import PassoLesson
import PassoSessionViews
import PassoText

extension Command {
  static let lang = CommandDescription(
    name: "lang",
    group: .session,
    arguments: "[it|en]",
    it: "sceglie la lingua: italiano o inglese",
    en: "chooses the language: Italian or English",
    examples: [":lang en", ":lang it"],
    completion: .words(["it", "en"])
  )
  .host { shell, arguments in
    try arguments.expect(atMost: 1)
    if let word = arguments.words.first {
      try shell.setLanguage(arguments.choice(word, of: Language.allCases, by: \.rawValue))
    }
    shell.console.say(it: "lingua: italiano", en: "language: English")
  }

  static let plain = CommandDescription(
    name: "plain",
    group: .session,
    arguments: "[on|off]",
    it: "testo lineare, senza colori né disegni",
    en: "linear text, without colours or drawings",
    details: Bilingual(
      it: "Per lettori di schermo e per copiare: ogni numero che un disegno mostra, riga dopo riga."
        + " Senza argomenti passa da un modo all'altro.",
      en: "For screen readers and for copying: every number that a drawing shows, line after line."
        + " Without arguments it switches."
    ),
    examples: [":plain on", ":show mask", ":plain off"],
    completion: .words(["on", "off"])
  )
  .host { shell, arguments in
    try arguments.turn(&shell.console.isPlain)
    shell.console.say(
      shell.console.isPlain
        ? Bilingual(it: "testo lineare", en: "linear text")
        : Bilingual(it: "testo con disegni", en: "text with drawings")
    )
  }

  static let pager = CommandDescription(
    name: "pager",
    group: .session,
    arguments: "[on|off]",
    it: "ferma i risultati lunghi dopo ogni schermata, o li lascia scorrere",
    en: "stops long output after each screenful, or lets it run",
    details: Bilingual(
      it: "Spazio va avanti di una schermata, Invio di una riga, q lascia perdere il resto; chi"
        + " scrive altro vede tutto e continua a scrivere. Solo a un terminale, mai in una pipe,"
        + " e non con PAGER=cat. Senza argomenti passa da un modo all'altro.",
      en: "Space goes on by a screenful, Enter by a line, q drops the rest; whoever types something"
        + " else sees all of it and goes on typing. At a terminal only, never in a pipe, and not"
        + " with PAGER=cat. Without arguments it switches."
    ),
    examples: [":pager off", ":pager on"],
    completion: .words(["on", "off"])
  )
  .host { shell, arguments in
    try arguments.turn(&shell.console.pages)
    shell.console.say(
      shell.console.pages
        ? Bilingual(
          it: "i risultati lunghi si fermano a ogni schermata",
          en: "long output stops after each screenful"
        )
        : Bilingual(it: "i risultati lunghi scorrono", en: "long output runs through")
    )
  }

  static let hash = CommandDescription(
    name: "hash",
    group: .session,
    it: "l'impronta di tutto lo stato: stessa impronta, stessi bit",
    en: "the fingerprint of the whole state: same fingerprint, same bits",
    examples: [":hash"]
  )
  .host { shell, _ in
    shell.console.say(Bilingual(same: try shell.session.wantedDigits()))
  }

  static let help = CommandDescription(
    name: "help",
    alias: "h",
    group: .session,
    arguments: "[COMMAND | expressions]",
    it: "elenca i comandi, o ne spiega uno; expressions spiega le espressioni",
    en: "lists the commands, or explains one; expressions explains the expressions",
    examples: [":help", ":help show", ":help expressions"],
    completion: .command
  )
  .host { shell, arguments in
    try arguments.expect(atMost: 1)
    guard let word = arguments.words.first else { return shell.console.show(HelpView.overview) }
    let typed = word.text.hasPrefix(":") ? String(word.text.dropFirst()) : word.text
    // `ex` could still become `:explain`.
    if typed.count > 2, "expressions".hasPrefix(typed), (try? CommandTable.find(typed)) == nil {
      return shell.console.show(ExpressionHelpView.page)
    }
    let command = try arguments.placing(word) {
      do throws(CommandProblem) {
        return try CommandTable.find(typed)
      } catch {
        guard case .unknownCommand = error, let line = shell.line(explaining: typed) else {
          throw error
        }
        throw CommandProblem.noCommand(typed, topic: line)
      }
    }
    shell.console.show(HelpView.page(command))
  }

  static let quit = CommandDescription(
    name: "quit",
    alias: "q",
    group: .session,
    it: "esce",
    en: "leaves",
    examples: [":quit"]
  )
  .steer { shell, _ in
    shell.isFinished = true
  }
}

extension Shell {
  /// What to type to have a word explained that is no command: a value, or a word of a lesson.
  fileprivate func line(explaining word: String) -> String? {
    for name in [word, word + "s"] where (try? session.fullName(name)) != nil {
      return ":explain \(name)"
    }
    return Glossary.lesson(explaining: word).map { ":lesson \($0)" }
  }
}

extension Arguments {
  /// Turns something on or off, as the only word says; without one the other way round.
  fileprivate func turn(_ isOn: inout Bool) throws {
    try expect(atMost: 1)
    isOn = try words.first.map(self.isOn) ?? !isOn
  }
}
