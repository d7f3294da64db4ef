// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSessionViews
import PassoText

extension Command {
  static let optimizer = CommandDescription(
    name: "optimizer",
    alias: "o",
    group: .model,
    arguments:
      "[sgd|momentum|adamw] [LR] [beta1 X] [beta2 X] [eps X] [decay X] [clip X] [warmup N]"
      + " [cosine N|linear N|trapezoid N] [rounds N] [gradients cleared|twice|kept]",
    it: "sceglie l'ottimizzatore e il learning rate",
    en: "chooses the optimizer and the learning rate",
    details: Bilingual(
      it:
        "beta1 e beta2 dicono quanto AdamW ricorda dei gradienti e dei loro quadrati, decay quanto"
        + " accorcia le matrici a ogni passo; beta1 è anche il momentum di momentum."
        + " clip accorcia i gradienti se insieme superano la lunghezza X. warmup fa salire il"
        + " learning rate nei primi N aggiornamenti; cosine e linear lo fanno scendere a zero entro"
        + " l'aggiornamento N, trapezoid solo negli ultimi due quinti. rounds divide le righe del"
        + " testo fra N giri: l'aggiornamento usa la media dei gradienti su tutti i target, che"
        + " valgono lo stesso in ogni giro. gradients twice è l'errore di chi chiama backward due"
        + " volte: i gradienti raddoppiano, la loss no; gradients kept quello di chi non li azzera"
        + " mai: ogni aggiornamento segue la somma di tutti (clip accorcia ciò che usa, non ciò che"
        + " resta); cleared è come dev'essere. Ogni cosa è un passo del programma, che :step"
        + " attraversa. I parametri restano, il calcolo ricomincia. Senza argomenti mostra la"
        + " scelta attuale.",
      en:
        "beta1 and beta2 say how much AdamW remembers of gradients and their squares, decay how"
        + " much it shortens matrices in each update; beta1 is the momentum of momentum too."
        + " clip shortens the gradients if together they are longer than X. warmup lets the"
        + " learning rate rise in the first N updates; cosine and linear take it down to zero by"
        + " update N, trapezoid in the last two fifths only. rounds divides the rows of the text"
        + " among N rounds: the update uses the mean of the gradients over all targets, which count"
        + " the same in every round. gradients twice is the mistake of calling backward two times:"
        + " gradients double, the loss does not; gradients kept that of never clearing them: each"
        + " update follows the sum of all (clip shortens what it uses, not what is kept); cleared"
        + " is as it should be. Each of them is a step of the program, which :step"
        + " walks through. Parameters stay, the computation begins anew. Without arguments the"
        + " current choice is shown."
    ),
    examples: [
      ":optimizer sgd 0.5", ":optimizer momentum 0.1", ":optimizer adamw 0.01 clip 1",
      ":optimizer adamw 0.01 warmup 5 cosine 50",
      ":optimizer adamw 0.01 beta2 0.98 decay 0.01 clip 1", ":optimizer sgd 0.1 gradients twice",
      ":optimizer sgd 0.1 gradients kept", ":optimizer",
    ],
    completion: .words(
      Optimizer.named.map(\.name) + OptimizerWords.keys + GradientClearing.allCases.map(\.rawValue)
    )
  )
  .change { draft, arguments, context in
    if let first = arguments.words.first {
      let parsed = try OptimizerWords(arguments)
      try arguments.placing(first) {
        try draft.session.setOptimizer(parsed.optimizer, rate: parsed.rate)
      }
    }
    let view = ModelView(draft.session)
    context.show(view.optimizer)
    if let note = view.noteOnGradients { context.say(note) }
  }
}

/// The words after `:optimizer`, understood.
private struct OptimizerWords {
  static let keys =
    numbers.keys.sorted() + [
      "clip", "warmup", "cosine", "linear", "trapezoid", "rounds", "gradients",
    ]

  /// The numbers of a rule as they are typed, each with its name in `Optimizer.Rule`.
  private static let numbers = [
    "beta1": "beta1", "beta2": "beta2", "eps": "eps", "decay": "weight-decay",
  ]

  private(set) var optimizer: Optimizer
  private(set) var rate: Double?

  init(_ arguments: Arguments) throws {
    var words = arguments.words[...]
    optimizer = try arguments.choice(words.removeFirst(), of: Optimizer.named, by: \.name).optimizer
    let rateNames = ["lr", "rate", "learning-rate"]
    if let word = words.first, rateNames.contains(OptionNames.plain(word.text)) {
      // The rate may be named, as elsewhere.
      words = Self.withoutName(words)
    }
    if let word = words.first, word.text.first?.isLetter != true {
      rate = try arguments.number(words.removeFirst())
    }
    let example = ":optimizer adamw 0.01 clip 1"
    try arguments.forEachPair(in: words, keys: Self.keys, example: example) { key, value in
      try set(key, value, arguments)
    }
  }

  /// `lr 0.1` and `lr=0.1` as `0.1`.
  private static func withoutName(
    _ words: ArraySlice<Arguments.Word>
  ) -> ArraySlice<Arguments.Word> {
    let number = words.first.flatMap { Arguments.pair($0).value }
    return [number].compactMap(\.self) + words.dropFirst()
  }

  private mutating func set(
    _ key: String,
    _ value: Arguments.Word,
    _ arguments: Arguments
  ) throws {
    switch key {
    case _ where Self.numbers[key] != nil: try setNumber(key, value, arguments)
    case "clip": optimizer.clip = try arguments.number(value)
    case "warmup": optimizer.schedule.warmup = try arguments.count(value)
    case "rounds": optimizer.rounds = try arguments.count(value)
    case "gradients":
      optimizer.gradients = try arguments.choice(
        value,
        of: GradientClearing.allCases,
        by: \.rawValue
      )
    default:
      optimizer.schedule.decay = RateSchedule.Decay(rawValue: key) ?? .linear
      optimizer.schedule.updates = try arguments.count(value)
    }
  }

  /// A number of the rule, which has to have such a one.
  private mutating func setNumber(
    _ key: String,
    _ value: Arguments.Word,
    _ arguments: Arguments
  ) throws {
    guard let name = Self.numbers[key], optimizer.rule.numbers[name] != nil else {
      throw arguments.placed(NoSuchNumber(name: key, optimizer: optimizer.name), value)
    }
    let number = Double(value.text.replacing(",", with: "."))
    guard let number, number.isFinite, number >= 0, number < 1 || !key.hasPrefix("beta"),
      number > 0 || key != "eps"
    else { throw arguments.placed(WrongNumber(name: key, found: value.text), value) }
    optimizer.rule = optimizer.rule.with(name, number)
  }
}

/// A number that a rule has not.
private struct NoSuchNumber: WordedProblem {
  let name: String
  let optimizer: String

  var wording: Wording {
    Bilingual(
      it: "\(optimizer) non ha \(name)",
      en: "\(name) needs an optimizer that has it, \(optimizer) has not"
    ).hint(Bilingual(same: ":optimizer adamw 0.01 \(name) 0.9"))
  }
}

/// A number outside what makes sense.
private struct WrongNumber: WordedProblem {
  let name: String
  let found: String

  var wording: Wording {
    let needs =
      name.hasPrefix("beta")
      ? Bilingual(it: "un numero da 0 a meno di 1", en: "a number from 0 to less than 1")
      : name == "eps"
        ? Bilingual(it: "un numero positivo", en: "a positive number")
        : Bilingual(it: "un numero da 0 in su", en: "a number from 0 up")
    return Bilingual(
      it: "\(name) vuole \(needs.it), non \(it: found)",
      en: "\(name) needs \(needs.en), got \(en: found)"
    ).hint(Bilingual(same: ":optimizer adamw 0.01 beta2 0.98 decay 0.01"))
  }
}
