// SPDX-License-Identifier: MIT

import PassoData
import PassoSessionViews
import PassoText

extension Command {
  static let objective = CommandDescription(
    name: "objective",
    group: .data,
    arguments:
      "[causal|ahead K|masked [always]|prefix|span|middle|any-order|replaced [after TOKEN] [seed]]",
    it: "sceglie quali domande fare del testo: input, target, che cosa conta, chi vede chi",
    en: "chooses which questions to make of the text: inputs, targets, what counts, who sees whom",
    details: Bilingual(
      it: "causal: il token che segue. ahead K: quello K posti più avanti. masked: i token coperti;"
        + " always li copre tutti. prefix: il seguito di un inizio già letto. span: i tratti"
        + " tagliati via. middle: un tratto nel mezzo, visti i due lati. any-order: i posti"
        + " coperti, quanti si vuole. replaced: se un token è quello vero. after TOKEN: conta solo"
        + " ciò che viene dopo. Un altro seme nasconde altro. Il modello ricomincia da capo, perché"
        + " alcuni obiettivi aggiungono token al vocabolario.",
      en: "causal: the token that follows. ahead K: the one K places ahead. masked: the covered"
        + " tokens; always covers all of them. prefix: what follows a beginning that was read."
        + " span: the runs that were cut out. middle: a run in the middle, with both sides known."
        + " any-order: the covered places, however many. replaced: whether a token is the true one."
        + " after TOKEN: only what comes after it counts. Another seed hides other things. The"
        + " model begins anew, because some objectives add tokens to the vocabulary."
    ),
    examples: [
      ":objective masked", ":objective masked always 3", ":objective prefix", ":objective span",
      ":objective middle", ":objective any-order", ":objective replaced", ":objective ahead 2",
      ":objective causal after dorme", ":objective causal", ":objective",
    ],
    completion: .words(
      Objectives.names + [ObjectiveParameter.alwaysWord, ObjectiveParameter.afterWord]
    )
  )
  .change { draft, arguments, context in
    if let word = arguments.words.first {
      let (objective, seed) = try arguments.objective(word)
      try arguments.placing(arguments.words.last ?? word) {
        try context.readingTexts { try draft.session.setObjective(objective, seed: seed, $0) }
      }
    }
    context.show(ObjectiveView(draft.session).figure)
  }

  static let shift = CommandDescription(
    name: "shift",
    group: .data,
    arguments: "[0|1|2|K]",
    it: "di quanti posti i target sono spostati rispetto agli input: 1 è il token che segue",
    en:
      "by how many places the targets are shifted against the inputs: 1 is the token that follows",
    details: Bilingual(
      it: "1 è l'obiettivo causal. 0 chiede il token che è già in vista: la loss scende a zero e il"
        + " modello non impara a scrivere. 2 è lo spostamento fatto due volte: si impara il token"
        + " dopo il prossimo. :shift K e :objective ahead K sono la stessa cosa.",
      en: "1 is the causal objective. 0 asks for the token that is in plain sight: the loss goes"
        + " down to zero and the model does not learn to write. 2 is the shift done twice: the"
        + " token after the next one is learned. :shift K and :objective ahead K are the same."
    ),
    examples: [":shift 0", ":shift 2", ":shift 1", ":shift"],
    completion: .words(["0", "1", "2"])
  )
  .change { draft, arguments, context in
    try arguments.expect(atMost: 1)
    if let word = arguments.words.first {
      let now = draft.session.experiment.objective
      let objective = try arguments.placing(word) {
        guard let places = Int(word.text) else { throw ObjectiveProblem.distance(found: word.text) }
        return try now.shifted(by: places)
      }
      try context.readingTexts { try draft.session.setObjective(objective, seed: nil, $0) }
    }
    context.show(ObjectiveView(draft.session).figure)
  }
}

extension Arguments {
  /// The objective that the words choose, and a seed that may follow them.
  ///
  /// - Parameter first: Its name, or an unambiguous beginning of it.
  /// - Returns: Both.
  /// - Throws: `CommandProblem` or `ObjectiveProblem`.
  fileprivate func objective(_ first: Word) throws -> (ObjectiveChoice, seed: UInt64?) {
    let name = try choice(first, of: Objectives.names)
    var rest = words.dropFirst()
    var seed: UInt64?
    // A number behind `ahead` or `after` is theirs.
    let needed = name == CausalObjective.aheadName || rest.dropLast().last.map(isAfter) ?? false
    if !needed, let last = rest.last, !last.isQuoted, last.text.first?.isNumber == true {
      seed = UInt64(try count(last))
      rest = rest.dropLast()
    }
    let typed = [name] + rest.map(\.text)
    return (try placing(rest.last ?? first) { try ObjectiveChoice(words: typed) }, seed)
  }

  private func isAfter(_ word: Word) -> Bool { word.text == ObjectiveParameter.afterWord }
}
