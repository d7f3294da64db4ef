// SPDX-License-Identifier: MIT

import PassoData
import PassoSessionViews
import PassoText

extension Command {
  static let objective = CommandDescription(
    name: "objective",
    group: .data,
    arguments: "[causal|masked|prefix|span [seed]]",
    it: "sceglie quali domande fare del testo: input, target, che cosa conta, chi vede chi",
    en: "chooses which questions to make of the text: inputs, targets, what counts, who sees whom",
    details: Bilingual(
      it: "causal: il token che segue. masked: i token coperti. prefix: il seguito di un inizio già"
        + " letto. span: i tratti tagliati via. Un altro seme nasconde altro. Il modello ricomincia"
        + " da capo, perché alcuni obiettivi aggiungono token al vocabolario.",
      en: "causal: the token that follows. masked: the covered tokens. prefix: what follows a"
        + " beginning that was read. span: the runs that were cut out. Another seed hides other"
        + " things. The model begins anew, because some objectives add tokens to the vocabulary."
    ),
    examples: [
      ":objective masked", ":objective masked 3", ":objective prefix", ":objective span",
      ":objective causal", ":objective",
    ],
    completion: .words(Objectives.all.map { $0.name })
  )
  .change { draft, arguments, context in
    try arguments.expect(atMost: 2)
    if let word = arguments.words.first {
      let objective = try arguments.choice(word, of: Objectives.all) { $0.name }
      let seed = try arguments.second.map { UInt64(try arguments.count($0)) }
      try context.readingTexts { try draft.session.setObjective(objective, seed: seed, $0) }
    }
    context.show(ObjectiveView(draft.session).figure)
  }
}
