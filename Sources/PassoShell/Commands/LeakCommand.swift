// SPDX-License-Identifier: MIT

import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import PassoSessionViews
import PassoText

extension Command {
  static let leaks = CommandDescription(
    name: "leaks",
    group: .look,
    it: "controlla se il modello può vedere la sua risposta",
    en: "checks whether the model can see its answer",
    details: Bilingual(
      it: "Sostituisce a turno ogni token in ingresso con altri, rifà il passo in avanti e guarda"
        + " quali logit cambiano anche di un solo bit. Confronta ciò che si muove con la maschera e"
        + " con i target attuali. Lo stato della sessione non cambia.",
      en: "Replaces every input token in turn by others, does the forward pass again and looks"
        + " which logits change by a single bit. Compares what moves with the mask and the targets"
        + " as they are now. The session's state does not change."
    ),
    examples: [":leaks", ":mask none", ":leaks"]
  )
  .show { session, _, context in
    let probe = try LeakProbe(
      session.timeline.execution,
      layerCount: session.configuration.layerCount,
      vocabularySize: session.configuration.vocabularySize,
      hidesAnswers: session.experiment.objective.hidesAnswers,
      distance: session.experiment.objective.options.distance
    )
    let report = try probe.report(unless: context.shouldStop)
    context.endInterruptedLine()
    guard let report else {
      return context.say(
        it: "fermato prima della fine: non c'è un giudizio",
        en: "stopped before the end: there is no verdict"
      )
    }
    for figure in try LeakView(session, report).figures { context.show(figure) }
  }
}
