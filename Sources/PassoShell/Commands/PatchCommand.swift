// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let patch = CommandDescription(
    name: "patch",
    group: .change,
    arguments: "NAME[slice] from FORK | all \"TEXT\" \"TEXT\" [heads] [for TOKEN TOKEN]",
    it: "mette al posto di un valore quello di un'altra esecuzione, e dice che cosa cambia",
    en: "puts the value of another run in the place of this one's, and says what changes",
    details: Bilingual(
      it: "NOME from COPIA prende il valore, o una sua fetta (una posizione, una testa), da una"
        + " copia fatta con :fork: dice la probabilità delle risposte prima e dopo, e quanta strada"
        + " la previsione ha fatto verso la copia; :undo annulla. all prova ogni valore da solo fra"
        + " due testi di altrettanti token: flusso residuo, attenzione e MLP di ogni blocco in ogni"
        + " posizione, o con heads ogni testa; 0 è come dopo il primo testo, 1 come dopo il"
        + " secondo. Si guarda la differenza fra due logit dopo l'ultimo token: quelli dopo for, o"
        + " del token che guadagna più probabilità e di quello che ne perde di più. Poi :export"
        + " FILE.csv scrive i numeri.",
      en: "NAME from FORK takes the value, or a slice of it (a position, a head), from a twin made"
        + " by :fork: it says the probability of the answers before and after, and how much of the"
        + " way to the twin the prediction has gone; :undo takes it back. all tries each value"
        + " alone between two texts of equally many tokens: residual stream, attention and MLP of"
        + " each block at each position, or with heads each head; 0 is as after the first text, 1"
        + " as after the second. What is looked at is the difference of two logits after the last"
        + " token: of those after for, or of the token that gains most probability and the one that"
        + " loses most. Then :export FILE.csv writes the numbers."
    ),
    examples: [
      ":until loss", ":fork b", ":set tokens[0, 2] = \"divano\"",
      ":patch blocks.0.attn.z[0, 3] from b", ":patch blocks.0.attn.out from b",
      ":patch all \"Il gatto dorme\" \"Il divano dorme\"",
      ":patch all \"Il gatto\" \"Il divano\" heads for dorme sul",
    ],
    completion: .value(or: ["all"]),
    shows: ["logits", "probs", "loss", "loss_per_token"]
  )
  .change { draft, arguments, context in
    if let first = arguments.words.first, first.text == "all", !first.isQuoted {
      try draft.session.showPatches(PatchAllWords(arguments, draft.session), context)
    } else {
      try draft.patch(arguments, context)
    }
  }
}

extension SessionDraft {
  /// Puts a value of a twin in the place of this run's.
  fileprivate mutating func patch(_ arguments: Arguments, _ context: CommandContext) throws {
    let (left, word) = try arguments.patch()
    let places = try AssignedPlaces(left, arguments, session, orElse: arguments.missingPatch())
    let (before, name) = (session, places.name)
    let other = try arguments.placing(word) {
      try before.value(of: name, from: word.text, unless: context.shouldStop)
    }
    let own = try before.tensor(name)
    guard places.slots.contains(where: { own[$0].bitPattern != other[$0].bitPattern }) else {
      return context.say(
        it: "lì \(it: name) è lo stesso in \(it: word.text): non c'è niente da mettere",
        en: "there \(en: name) is the same in \(en: word.text): there is nothing to put"
      )
    }
    let slots = Dictionary(uniqueKeysWithValues: places.slots.map { ($0, other[$0]) })
    var next = before
    try arguments.placing(arguments.words[0]) { try next.set(name, slots) }
    let effect = try next.patchEffect(
      since: before,
      towards: before.forkNamed(word.text),
      unless: context.shouldStop
    )
    session = next
    let change = ChangeView(before, next).assignment(to: name, as: places.typed)
    let said = effect.map { PatchView(before, $0, from: word.text).figures } ?? []
    // What has changed, what it does to the prediction, and last where the run is.
    (change.prefix(1) + said + change.dropFirst()).forEach(context.show)
  }
}

extension Session {
  /// Shows what each value alone does between two texts.
  fileprivate func showPatches(_ words: PatchAllWords, _ context: CommandContext) throws {
    guard experiment.objective.predictsNext else {
      throw LearnedTextProblem.notCausal(command: "patch", objective: experiment.objective.name)
    }
    let grid = try PatchGrid.between(
      words.texts.0,
      words.texts.1,
      model,
      words.form,
      answers: words.answers,
      unless: context.shouldStop
    )
    guard let grid else { return context.saySearchStopped() }
    context.show(PatchGridView(self, grid).figure)
  }
}

extension Arguments {
  /// What is to be replaced, with blanks for the line before it, and the name of the twin.
  fileprivate func patch() throws -> (target: String, fork: Word) {
    guard words.count >= 3, let mark = words.dropLast().last, mark.text == "from", !mark.isQuoted,
      let fork = words.last
    else { throw missingPatch() }
    let scalars = Array(line.unicodeScalars)
    let range = words[0].span.lowerBound..<mark.span.lowerBound
    let target = String(String.UnicodeScalarView(scalars[range]))
    return (String(repeating: " ", count: range.lowerBound) + target, fork)
  }

  fileprivate func missingPatch() -> CommandProblem {
    missing(
      it: "NOME from COPIA, o all con due testi",
      en: "NAME from FORK, or all with two texts",
      example: ":patch blocks.0.attn.z[0, 3] from b"
    )
  }
}

/// The words after `:patch all`, understood.
struct PatchAllWords {
  let texts: ([TokenID], [TokenID])
  private(set) var form = PatchGrid.Form.positions
  private(set) var answers: PatchGrid.Answers?

  private static let example = ":patch all \"Il gatto dorme\" \"Il divano dorme\""

  init(_ arguments: Arguments, _ session: Session) throws {
    let prompts = arguments.words.dropFirst().prefix { $0.isQuoted || $0.text.hasPrefix("[") }
    guard prompts.count >= 2 else {
      throw arguments.missing(
        it: "due testi fra virgolette",
        en: "two texts in quotation marks",
        example: Self.example
      )
    }
    let tokens = try prompts.prefix(2).map { word in
      try arguments.placing(word) {
        try session.promptTokens(word.text, isQuoted: word.isQuoted)
      }
    }
    texts = (tokens[0], tokens[1])
    var rest = arguments.words.dropFirst(3)
    while let word = rest.popFirst() {
      switch try arguments.choice(word, of: ["heads", "for"]) {
      case "heads": form = .heads
      default:
        answers = try Self.answers(rest.prefix(2), arguments, session)
        rest = rest.dropFirst(2)
      }
    }
  }

  private static func answers(
    _ words: ArraySlice<Arguments.Word>,
    _ arguments: Arguments,
    _ session: Session
  ) throws -> PatchGrid.Answers {
    guard words.count == 2 else {
      throw arguments.missing(
        it: "due token dopo for",
        en: "two tokens after for",
        example: Self.example + " for dorme sul"
      )
    }
    let ids = try words.map { word in
      try arguments.placing(word) {
        try session.tokenID(written: word.text, isQuoted: word.isQuoted)
      }
    }
    return PatchGrid.Answers(ids[0], over: ids[1])
  }
}
