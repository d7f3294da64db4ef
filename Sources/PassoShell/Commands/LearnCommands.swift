// SPDX-License-Identifier: MIT

import PassoSessionViews
import PassoText
import PassoView

extension Command {
  static let train = CommandDescription(
    name: "train",
    alias: "t",
    group: .learn,
    arguments: "[n]",
    it: "completa un aggiornamento, o n, e mostra la loss",
    en: "completes one update, or n, and shows the loss",
    details: Bilingual(
      it: "Sono gli stessi passi di :step, eseguiti di fila. Ctrl-C ferma, nulla va perso: :back e"
        + " :step continuano da lì.",
      en: "These are the steps of :step, done in a row. Ctrl-C stops and nothing is lost: :back and"
        + " :step go on from there."
    ),
    examples: [":train", ":train 20"],
    shows: ["loss"]
  )
  .move { mover, arguments in
    let count = try arguments.count()
    let before = mover.session.timeline.moment(after: .update).update
    let line = ProgressLine(mover.context.console)
    let texts = mover.session.opened.corpus?.shards
    let (done, control) = try mover.steps(stride: .op) { timeline, control in
      defer { line.end() }
      return try timeline.train(
        count,
        unless: { control.shouldStop() || texts?.damage != nil },
        stepDone: control.observer
      ) { done, loss in
        line.show { LossView.progress(done: done, of: count, loss: loss) }
      }
    }
    mover.context.endInterruptedLine()
    mover.context.show(LossView(mover.session).training(from: before, count: done))
    if let warning = LossView(mover.session).leakWarning {
      mover.context.show(.line(warning.sentence, .bad))
    }
    if done < count {
      mover.context.say(
        it: "fermato dopo \(done) aggiornament\(done == 1 ? "o" : "i") su \(count)",
        en: "stopped after \(done) update\(done == 1 ? "" : "s") of \(count)"
      )
    }
    mover.showReasons(control)
  }
}
