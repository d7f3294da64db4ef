// SPDX-License-Identifier: MIT

import PassoText
import PassoView

extension Command {
  private static let terminalName = "terminal"

  static let theme = CommandDescription(
    name: "theme",
    group: .session,
    arguments: "[\((Theme.all.map(\.name) + [terminalName]).joined(separator: "|"))]",
    it: "sceglie i colori: fondo chiaro, fondo scuro, proiettore",
    en: "chooses the colours: light ground, dark ground, projector",
    details: Bilingual(
      it: "terminal lascia al terminale i suoi colori. I numeri restano scritti in ogni tema: il"
        + " colore non è mai l'unica indicazione.",
      en:
        "terminal leaves the terminal its own colours. Numbers stay written in every theme: colour"
        + " is never the only sign."
    ),
    examples: [":theme projector", ":theme light", ":theme terminal", ":theme"],
    completion: .words(Theme.all.map(\.name) + [terminalName])
  )
  .host { shell, arguments in
    try arguments.expect(atMost: 1)
    if let word = arguments.words.first {
      let name = try arguments.choice(word, of: Theme.all.map(\.name) + [terminalName])
      shell.console.theme = Theme.named(name)
    }
    let theme = shell.console.theme
    let summary = theme?.summary ?? Bilingual(it: "i colori del terminale", en: "its own colours")
    shell.console.say(Bilingual(same: "\(theme?.name ?? terminalName): ") + summary)
  }
}
