// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows how a number came about: its formula, with names and with numbers, and its terms.
package struct WhyView {
  private let session: Session
  private let why: WhyStep
  private let place: WhyPlace

  package init(_ session: Session, _ place: WhyPlace, isWhole: Bool) throws {
    self.session = session
    self.place = place
    why = try WhyStep(place, session, isWhole: isWhole)
  }

  /// What `:why N` can go into.
  package var terms: [WhyPlace] { why.terms.map(\.place) }

  package var figures: [Figure] {
    [.text(TextFigure(heading + origin + lines))] + table + offer
  }

  /// Of a logit there is a shorter account: what each part of the model has put into it.
  private var offer: [Figure] {
    guard case .value(let name, let index) = place, name == "\(ValueName.model(.logits))",
      let shape = value?.shape, index < shape.count / shape.sizes[0]
    else { return [] }
    let (position, token) = index.quotientAndRemainder(dividingBy: shape.lastSize)
    let label = session.label(TokenID(token))
    let word = label.allSatisfy(\.isLetter) ? label : "\(token)"
    let line = ":attribution \(word) at \(position)"
    return [
      .line(
        Bilingual(
          it: "\(line) lo divide fra i blocchi e le teste",
          en: "\(line) divides it among blocks and heads"
        ),
        .dim
      )
    ]
  }

  private var heading: [TextFigure.Paragraph] {
    let words = labels
    return [
      .init(
        [Run(why.title, .code), Run(" = "), Run(why.result.text, .emphasis)]
          + (words.map { [Run(Bilingual(same: "  (") + $0 + Bilingual(same: ")"), .dim)] } ?? [])
      )
    ]
  }

  /// The value in which the number is, if it has a name.
  private var value: Value? {
    guard case .value(let name, _) = place else { return nil }
    let program = session.timeline.plan.program
    return program.id(of: name).map { program[$0] }
  }

  /// Positions and tokens of the index, in words; nil if nothing names them.
  private var labels: Bilingual? {
    guard case .value(_, let index) = place, let value else { return nil }
    if value.role == .data { return session.tokenText(why.number).map(Bilingual.init(same:)) }
    let named = TensorFigure(session).labels(of: index, value.shape)
      .filter { $0.label != String($0.place) }
      .map { $0.axis.word + Bilingual(same: " \($0.place) \($0.label)") }
    return named.isEmpty ? nil : named.joined(separator: ", ")
  }

  /// What computed it, or that it was given.
  private var origin: [TextFigure.Paragraph] {
    if let step = why.step {
      let words = step.words
      return [
        .init([Run("\(type(of: step.op).card.name): ", .dim), Run(words.summary)], indent: 2),
        .init([Run(words.formula, .code)], indent: 2),
      ]
    }
    guard let value else { return [] }
    if value.producer != nil {
      let text = Bilingual(
        it: "un numero messo con :set, nessuno lo calcola",
        en: "a number put in by :set, nothing computes it"
      )
      return [.init(text, indent: 2)]
    }
    return [.init(given(value), indent: 2)]
  }

  private func given(_ value: Value) -> Bilingual {
    let update = session.timeline.update
    return switch value.role {
    case .data:
      Bilingual(it: "viene dal testo: nessuno lo calcola", en: "comes from the text")
    case .parameter where update > 0:
      Bilingual(
        it: "un peso imparato: l'ultimo a cambiarlo è stato l'aggiornamento \(update - 1);"
          + " :goto update \(update) e :why next.\(value.name) dicono come",
        en: "a learned weight, last changed by update \(update - 1); :goto update \(update) and"
          + " :why next.\(value.name) say how"
      )
    case .parameter:
      Bilingual(
        it: "un peso: all'inizio è un numero a caso",
        en: "a weight: at the start a random number"
      )
    case .setting:
      Bilingual(it: "un'impostazione: lo sceglie chi addestra", en: "a setting: chosen")
    case .optimizer:
      Bilingual(
        it: "la memoria dell'ottimizzatore: la lascia l'aggiornamento precedente",
        en: "the optimizer's memory: left by the update before"
      )
    case .activation, .gradient:
      Bilingual(it: "dato, nessun passo lo calcola", en: "given, no step computes it")
    }
  }

  private var lines: [TextFigure.Paragraph] {
    guard let named = why.named, let filled = why.filled else { return [] }
    let result = why.result
    let sign = result.isExact ? "= " : "≈ "
    return [
      .init([Run("= ", .dim)] + breakable(named), indent: 2),
      .init([Run("= ", .dim)] + breakable(filled), indent: 2),
      .init([Run(sign, .dim), Run(result.text, .emphasis)], indent: 2),
    ]
  }

  /// Long formulas go on in the next line, at a blank.
  private func breakable(_ formula: String) -> [Run] {
    formula.split(separator: " ").flatMap { [Run(String($0), .code), Run(" ")] }
  }

  private var table: [Figure] {
    let terms = why.terms
    guard !terms.isEmpty else { return [] }
    let hasAddends = terms.contains { $0.addend != nil }
    var columns: [TableFigure.Column] = [
      .init(same: ":why", .right), .init(it: "termine", en: "term"),
      .init(it: "valore", en: "value", .right),
    ]
    if hasAddends { columns.append(.init(it: "addendo", en: "addend", .right)) }
    let rows = terms.enumerated().map { number, term in
      var cells = [
        Bilingual(same: String(number + 1)), label(term.title),
        Bilingual(same: NumberText.code(term.number, digits: 6)),
      ]
      if hasAddends {
        let addend = term.addend.map { NumberText.code($0, digits: 4) } ?? ""
        cells.append(Bilingual(same: addend))
      }
      return cells
    }
    return [.table(TableFigure(columns: columns, rows: rows))]
  }

  private func label(_ title: String) -> Bilingual {
    guard title.hasPrefix("{") else { return Bilingual(same: title) }
    let name = String(title.dropFirst().dropLast())
    guard name.hasPrefix("… ") else { return Bilingual(same: name) }
    let count = name.dropFirst(2)
    return Bilingual(it: "gli altri \(count) termini", en: "the other \(count) terms")
  }
}

extension Session {
  /// The token with an id, as text.
  fileprivate func tokenText(_ id: Double) -> String? {
    guard let id = TokenID(exactly: id), (0..<configuration.vocabularySize).contains(Int(id)) else {
      return nil
    }
    return label(id)
  }
}
