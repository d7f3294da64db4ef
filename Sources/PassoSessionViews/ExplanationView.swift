// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Explains a value: what it is, shape, formula, why its gradient looks as it does, source.
package struct ExplanationView {
  let session: Session
  private var program: Program { session.timeline.plan.program }

  package init(_ session: Session) {
    self.session = session
  }

  /// - Throws: A problem if no value has that name.
  package func figure(_ typed: String) throws -> Figure {
    let name = try session.fullName(typed)
    let id = try session.timeline.execution.id(of: name)
    let value = program[id]
    var paragraphs: [TextFigure.Paragraph] = [
      .init([Run(name, .heading), Run("  \(value.shape)  "), Run(value.role.name, .dim)])
    ]
    if let meaning = ValueName.meaning(of: name) { paragraphs.append(.init(meaning, indent: 2)) }
    if let producer = value.producer { paragraphs += produced(by: producer) }
    paragraphs += consumers(of: id)
    if !session.timeline.execution.isComputed(id) {
      let text = Bilingual(it: "non ancora calcolato", en: "not computed yet")
      paragraphs.append(.init(text, .dim, indent: 2))
    }
    return .text(TextFigure(paragraphs))
  }

  private func produced(by index: Int) -> [TextFigure.Paragraph] {
    let step = program.steps[index]
    let words = step.words
    let gradient = words.gradient.map { gradient in
      let label = Run(Bilingual(it: "gradiente: ", en: "gradient: "), .dim)
      return TextFigure.Paragraph([label, Run(gradient)], indent: 2)
    }
    let place = Bilingual(same: type(of: step.op).card.source)
    return [
      line(
        Bilingual(it: "passo \(index + 1)", en: "step \(index + 1)"),
        Bilingual(same: program.line(index))
      ),
      line(Bilingual(it: "formula", en: "formula"), words.formula),
      .init(words.summary, indent: 2), gradient,
      .init(Bilingual(it: "fonte: ", en: "source: ") + place, .dim, indent: 2),
    ].compactMap(\.self)
  }

  private func consumers(of id: ValueID) -> [TextFigure.Paragraph] {
    let readers = program.steps.filter { $0.inputs.contains(id) && $0.phase < .backward }
      .map { program[$0.output].name }
    guard !readers.isEmpty else { return [] }
    let list = Bilingual(same: readers.joined(separator: ", "))
    return [line(Bilingual(it: "serve a", en: "used by"), list)]
  }

  private func line(_ label: Bilingual, _ text: Bilingual) -> TextFigure.Paragraph {
    .init([Run(label + Bilingual(same: ": "), .dim), Run(text, .code)], indent: 2)
  }
}
