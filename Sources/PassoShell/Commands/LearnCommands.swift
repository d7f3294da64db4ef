// SPDX-License-Identifier: MIT

import PassoText
import PassoView

extension Command {
  static let train = Command(
    name: "train",
    alias: "t",
    group: .learn,
    arguments: "[n]",
    summary: Bilingual(
      it: "completa un aggiornamento, o n, e mostra la loss",
      en: "completes one update, or n, and shows the loss"
    ),
    details: Bilingual(
      it: "Sono gli stessi passi di :step, eseguiti di fila. Ctrl-C ferma, nulla va perso: :back e"
        + " :step continuano da lì.",
      en: "These are the steps of :step, done in a row. Ctrl-C stops and nothing is lost: :back and"
        + " :step go on from there."
    ),
    examples: [":train", ":train 20"],
    changesValues: true
  ) { shell, arguments in
    let count = try arguments.count()
    try shell.waitForLeftWork()
    // Of the run no copy: it would keep the values as they are, and training copy all of them.
    let before = shell.session.timeline.moment(after: .update).update
    let line = ProgressLine(shell.console)
    let texts = shell.session.choice.textCorpus?.shards
    let done = try shell.watching { control in
      try shell.session.timeline.train(
        count,
        unless: { control.shouldStop() || texts?.damage != nil },
        stepDone: control.observer
      ) { done, loss in
        line.show { LossView.progress(done: done, of: count, loss: loss) }
      }
    }
    line.end()
    // Nothing is learned from what another program has changed.
    try shell.session.checkTexts()
    shell.session.stride = .op
    shell.endInterruptedLine()
    shell.console.show(LossView(shell.session).training(from: before, count: done))
    if let warning = LossView(shell.session).leakWarning {
      shell.console.show(.text(TextFigure([.init([Run(warning.message, .bad)])])))
    }
    if done < count {
      shell.console.say(
        Bilingual(
          it: "fermato dopo \(done) aggiornament\(done == 1 ? "o" : "i") su \(count)",
          en: "stopped after \(done) update\(done == 1 ? "" : "s") of \(count)"
        )
      )
    }
    shell.showStops()
  }
}
