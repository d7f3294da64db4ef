// SPDX-License-Identifier: MIT

import PassoEngine
import PassoExpressions
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let why = CommandDescription(
    name: "why",
    group: .look,
    arguments: "NAME[i,j] [all] | N | up",
    it: "dice da dove viene un numero: la formula, con i numeri dentro",
    en: "says where a number comes from: its formula, with the numbers filled in",
    details: Bilingual(
      it: "I termini sono numerati: :why 3 entra nel terzo, :why up torna indietro, fino ai pesi e"
        + " agli id dei token. La riga con i numeri è un'espressione: incollata al prompt dà lo"
        + " stesso risultato. Delle somme lunghe si vedono i termini più grandi, con all tutti.",
      en: "The terms are numbered: :why 3 goes into the third, :why up comes back, down to weights"
        + " and token ids. The line of numbers is an expression: at the prompt it gives the same"
        + " result. Of long sums the largest terms are shown, with 'all' every one."
    ),
    examples: [
      ":until loss", ":why loss", ":why 2", ":why up", ":why blocks.0.attn.pattern[0,1,3,2]",
      ":why logits[0,3,4] all",
    ],
    completion: .value()
  )
  .look { view, session, arguments, context in
    try arguments.expect(atMost: 2)
    let first = try arguments.first(it: "un valore", en: "a value")
    let isWhole = arguments.words.last?.text == "all"
    if arguments.words.count == 2, !isWhole {
      throw arguments.placed(
        CommandProblem.unknownWord(arguments.words[1].text, allowed: ["all"]),
        arguments.words[1]
      )
    }
    let (path, why) = try arguments.placing(first) {
      let start = first.span.lowerBound
      let path = try session.whyPath(first.text, line: arguments.line, at: start)
      return (path, try WhyView(session, path[path.count - 1], isWhole: isWhole))
    }
    view.explain(WhyTrail(path: path, terms: why.terms), in: session.timeline.plan.identity)
    why.figures.forEach(context.show)
  }
}

extension Session {
  /// The way to the number that is meant, from the first `:why` on; never empty.
  fileprivate func whyPath(_ word: String, line: String, at start: Int) throws -> [WhyPlace] {
    let trail = view.whyTrail(in: timeline.plan.identity)
    let (path, terms) = (trail.path, trail.terms)
    if word == "up" || word == "all" {
      guard !path.isEmpty else { throw WhyProblem.nothingAsked }
      return word == "all" || path.count == 1 ? path : path.dropLast()
    }
    if let number = Int(word) {
      guard !path.isEmpty else { throw WhyProblem.nothingAsked }
      guard number >= 1, number <= terms.count else {
        throw WhyProblem.noSuchTerm(number, count: terms.count)
      }
      return path + [terms[number - 1]]
    }
    return [try whyPlace(word, line: line, at: start)]
  }

  private func whyPlace(_ word: String, line: String, at start: Int) throws -> WhyPlace {
    let blanks = String(repeating: " ", count: start)
    let expression = try ExpressionParser.parse(blanks + word, of: line).expression
    let (typed, items): (String, [Expression.SliceItem])
    switch expression {
    case .name(let name, _): (typed, items) = (name, [])
    case .slice(.name(let name, _), let found, _): (typed, items) = (name, found)
    default: throw WhyProblem.notAValue(word)
    }
    if bindings[typed] != nil || forkedValue(typed) != nil { throw WhyProblem.notAValue(typed) }
    let name = try fullName(typed)
    let shape = timeline.plan.program[try timeline.execution.id(of: name)].shape
    guard try timeline.execution.isComputed(timeline.execution.id(of: name)) else {
      throw ValueProblem.notComputed(name)
    }
    let slices = try SliceResolver(line: line, shape: shape, labels: SessionLabels(self))
      .resolve(items, span: expression.span)
    let strides = shape.strides
    var index = 0
    for (axis, slice) in slices.enumerated() {
      guard case .index(let place) = slice else {
        throw WhyProblem.needsIndex(name, shape: shape)
      }
      index += place * strides[axis]
    }
    return .value(name, index: index)
  }
}

/// Why there is nothing to explain.
enum WhyProblem: WordedProblem, Equatable {
  case nothingAsked
  case noSuchTerm(Int, count: Int)
  case notAValue(String)
  case needsIndex(String, shape: Shape)

  var wording: Wording {
    switch self {
    case .nothingAsked:
      Bilingual(it: "non c'è ancora un :why", en: "there has been no :why yet")
        .hint(Bilingual(same: ":why logits[0,1,2]"))
    case .noSuchTerm(let number, let count):
      Bilingual(
        it: "l'ultimo :why ha \(count) termini: il \(number) non c'è",
        en: "the last :why has \(count) terms, got \(number)"
      ).hint(.example(":why \(max(1, count))"))
    case .notAValue(let text):
      Bilingual(
        it: ":why spiega un numero di un valore del programma, e \(it: text) non lo è",
        en: "needs a number of a value of the program, got \(en: text)"
      ).hint(Bilingual(same: ":why logits[0,1,2]"))
    case .needsIndex(let name, let shape):
      Bilingual(
        it: "di \(it: name), che ha forma \(shape), scegli un numero solo",
        en: "needs a single number of \(en: name), which has shape \(shape)"
      ).hint(
        Bilingual(same: ":why \(name)[\(shape.sizes.map { _ in "0" }.joined(separator: ","))]")
      )
    }
  }
}
