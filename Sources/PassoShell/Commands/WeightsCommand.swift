// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

extension Command {
  static let weights = CommandDescription(
    name: "weights",
    group: .look,
    arguments: "NAME [k]",
    it: "un parametro nel corso dell'addestramento, in k piccole figure",
    en: "a parameter in the course of training, in k small pictures",
    details: Bilingual(
      it: "Il parametro all'inizio di k aggiornamenti, dal primo a quello attuale, tutti sulla"
        + " stessa scala: si vede quando qualcosa comincia a muoversi. Il cursore resta dov'è.",
      en: "The parameter at the start of k updates, from the first to that of now, all on the same"
        + " scale: one sees when something begins to move. The cursor stays where it is."
    ),
    examples: [":train 10", ":weights W_E", ":weights W_U 3"],
    completion: .value()
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 2)
    let word = try arguments.first(it: "un parametro", en: "a parameter")
    let count = try arguments.second.map { try arguments.count($0) } ?? 6
    let name = try arguments.placing(word) { try session.parameter(word.text) }
    let updates = session.timeline.pastUpdates(atMost: min(count, 24))
    let past = try session.timeline.values(of: name, at: updates, unless: context.shouldStop)
    guard let past else {
      return context.saySearchStopped()
    }
    context.show(WeightsView(name: name, moments: past).figure)
  }
}

extension Session {
  /// The full name of a parameter.
  ///
  /// - Throws: `ValueProblem.noParameter` if it is another value, or what `fullName` throws.
  fileprivate func parameter(_ typed: String) throws -> String {
    let name = try fullName(typed)
    guard configuration.parameterSpecs.contains(where: { $0.name.description == name }) else {
      throw ValueProblem.noParameter(name)
    }
    return name
  }
}

extension Timeline {
  /// A parameter at the start of some updates, on a copy of the run; nil if it was told to stop.
  fileprivate func values(
    of name: String,
    at updates: [Int],
    unless shouldStop: () -> Bool
  ) throws -> [(update: Int, value: Tensor)]? {
    var copy = self
    var found: [(Int, Tensor)] = []
    for update in updates {
      try copy.move(to: Moment(update: update, step: 0), unless: shouldStop)
      if shouldStop() { return nil }
      guard let tensor = try copy.execution.tensor(copy.execution.id(of: name)) else { continue }
      found.append((update, tensor))
    }
    return found
  }
}

/// Draws a parameter at several moments beside each other.
private struct WeightsView {
  let name: String
  let moments: [(update: Int, value: Tensor)]

  var figure: Figure {
    let largest = moments.flatMap { $0.value.doubles }.filter { $0.isFinite }.map(abs).max() ?? 0
    let first = moments.first?.value.doubles ?? []
    let shape = moments.first.map { "\($0.value.shape)" } ?? ""
    return .multiples(
      MultiplesFigure(
        title: Bilingual(
          it: "\(name)  \(shape) all'inizio di ogni aggiornamento",
          en: "\(name)  \(shape) at the start of each update"
        ),
        items: moments.map { item($0.update, $0.value, first: first, largest: largest) },
        scale: .signed,
        notes: changes(first) + [
          Bilingual(
            it: "il tono più forte è \(NumberText.general(largest, digits: 4).it)",
            en: "the strongest shade is \(NumberText.general(largest, digits: 4).en)"
          )
        ]
      )
    )
  }

  private func item(
    _ update: Int,
    _ value: Tensor,
    first: [Double],
    largest: Double
  ) -> MultiplesFigure.Item {
    let numbers = value.doubles
    let width = value.shape.rank > 1 ? value.shape.sizes[1...].reduce(1, *) : numbers.count
    let rows = stride(from: 0, to: numbers.count, by: max(1, width)).map { start in
      numbers[start..<min(start + width, numbers.count)].map {
        Float(largest > 0 ? $0 / largest : 0)
      }
    }
    return .init(name: "\(update)", sentence: sentence(numbers, first: first), rows: rows)
  }

  private func sentence(_ numbers: [Double], first: [Double]) -> Bilingual {
    let norm = NumberText.general(Self.norm(numbers), digits: 4)
    let change = NumberText.general(Self.distance(numbers, first), digits: 4)
    return Bilingual(
      it: "norma \(norm.it), distanza dall'inizio \(change.it)",
      en: "norm \(norm.en), distance from the start \(change.en)"
    )
  }

  /// How far it went from where it began, moment by moment.
  private func changes(_ first: [Double]) -> [Bilingual] {
    let parts = moments.map { moment in
      let change = NumberText.general(Self.distance(moment.value.doubles, first), digits: 3)
      return Bilingual(same: "\(moment.update): ") + change
    }
    let start = Bilingual(it: "distanza dall'inizio: ", en: "distance from the start: ")
    return [start + parts.joined(separator: "; ")]
  }

  private static func norm(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private static func distance(_ left: [Double], _ right: [Double]) -> Double {
    norm(zip(left, right).map { $0 - $1 })
  }
}
