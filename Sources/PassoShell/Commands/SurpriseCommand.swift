// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let surprise = CommandDescription(
    name: "surprise",
    group: .look,
    arguments: "[\"TEXT\"] [n]",
    it: "quali parole il modello non si aspettava",
    en: "which words the model did not expect",
    details: Bilingual(
      it: "La loss di ogni token del testo, o del primo di quelli da cui impara, e gli n token più"
        + " sorprendenti: che cosa c'era prima, che cosa il modello si aspettava. La media è la"
        + " loss del testo.",
      en: "The loss of each token of the text, or of the first of those that it learns from, and"
        + " the n most surprising tokens: what came before, what the model expected. Their mean is"
        + " the loss of the text."
    ),
    examples: [":surprise", ":surprise \"Il divano dorme sul gatto\" 3"],
    shows: ["loss", "loss_per_token", "probs"]
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 2)
    var words = arguments.words[...]
    let typed = words.first?.isQuoted == true ? words.popFirst() : nil
    let count = try words.popFirst().map { try arguments.count($0) } ?? 5
    let tokens = try typed.map { word in
      try arguments.placing(word) { try session.readable(word.text) }
    }
    let text = try tokens ?? session.readable(session.learnedTexts().first ?? "")
    let meter = try session.surpriseMeter(for: text)
    context.say(meter.slowness)
    guard let surprise = try meter.measure(text, top: count, unless: context.shouldStop) else {
      return context.saySearchStopped()
    }
    let view = SurpriseView(surprise, session.tokenizer)
    context.show(view.text(text))
    context.say(view.summary)
    context.show(view.moments)
  }
}

extension Session {
  /// The tokens of a text as the model reads them, between their start and their end.
  fileprivate func readable(_ text: String) throws(DataProblem) -> [TokenID] {
    let end = tokenizer.id(of: .end).map { [$0] } ?? []
    let tokens = tokenizer.opening + (try tokenizer.sequence(of: text)) + end
    guard tokens.count > 1 else { throw .tooFewTokens(needed: 2, found: tokens.count) }
    return tokens
  }

  /// The model as it is now, ready to read a text.
  fileprivate func surpriseMeter(for text: [TokenID]) throws -> SurpriseMeter {
    guard experiment.objective.predictsNext else {
      throw LearnedTextProblem.notCausal(command: "surprise", objective: experiment.objective.name)
    }
    return try SurpriseMeter(model, length: min(configuration.contextLength, text.count - 1))
  }
}
