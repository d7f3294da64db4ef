// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoModel
import PassoRuntime

/// The languages to which a model was nearest, one after the other, while it was trained.
package struct Chapters: Sendable {
  /// A model of the run.
  package struct Point: Sendable, Hashable {
    /// The update that it was before; the last one is after all of them.
    package let update: Int

    /// The distance to each language, in nats per token.
    package let divergences: [Double]

    /// The place of the nearest; the simpler one of two that are equally near.
    package var nearest: Int {
      divergences.indices.min { divergences[$0] < divergences[$1] } ?? 0
    }
  }

  /// Updates in which the model was nearest to one language.
  package struct Chapter: Sendable, Hashable {
    /// The place of the language.
    package let language: Int
    package let first: Point
    package let last: Point
  }

  /// The languages, from the simplest to the grammar.
  package let kinds: [NearLanguage]

  /// The beginnings on which models are measured.
  package let prefixes: LikelyPrefixes

  /// How many models the run has.
  package let count: Int

  /// The models that were measured, in order.
  package private(set) var points: [Point] = []

  /// So many are all measured; of more some are, and then those between which something changed.
  package static let most = 200

  /// Whether every model was measured.
  package var isWhole: Bool { points.count == count }

  /// What the model was nearest to, from chapter to chapter.
  package var chapters: [Chapter] {
    var chapters: [Chapter] = []
    for point in points {
      if let open = chapters.last, open.language == point.nearest {
        chapters[chapters.count - 1] = Chapter(
          language: open.language,
          first: open.first,
          last: point
        )
      } else {
        chapters.append(Chapter(language: point.nearest, first: point, last: point))
      }
    }
    return chapters
  }
}

extension Chapters {
  /// Measures the models of a run.
  ///
  /// - Parameters:
  ///   - timeline: The run.
  ///   - language: What it learns.
  ///   - most: How many are measured before borders are looked for; all, if there are no more.
  ///   - shouldStop: Asked before each model; what is known then is given.
  ///   - pointDone: Called after each model, with how many are done.
  /// - Throws: `EvaluationProblem` if the model has no room for the language, or
  ///   `ExecutionProblem.refused`.
  package init(
    of timeline: Timeline,
    _ language: ToyLanguage,
    atMost most: Int = Self.most,
    unless shouldStop: () -> Bool = { false },
    pointDone: (Int) -> Void = { _ in }
  ) throws {
    var meter = try NearnessMeter(timeline.plan.configuration, language)
    var models = PastModels(timeline)
    (kinds, prefixes, count) = (meter.kinds, meter.prefixes, models.count)
    var known: [Int: Point] = [:]
    func point(_ update: Int) throws -> Point? {
      if let point = known[update] { return point }
      guard !shouldStop() else { return nil }
      do {
        let model = try models.model(before: update)
        let point = Point(update: update, divergences: try meter.divergences(of: model))
        known[update] = point
        pointDone(known.count)
        return point
      } catch is Interrupted {
        return nil
      }
    }
    let updates = Self.evenly(min(most, count), of: count, models)
    for update in updates where try point(update) == nil { break }
    // In order: each border is looked for between two models that are known.
    var open = zip(updates, updates.dropFirst()).reversed().map { ($0, $1) }
    while let (left, right) = open.popLast(), let first = known[left], let last = known[right] {
      guard right - left > 1, first.nearest != last.nearest else { continue }
      let middle = (left + right) / 2
      guard try point(middle) != nil else { break }
      open += [(middle, right), (left, middle)]
    }
    points = known.values.sorted { $0.update < $1.update }
  }

  /// So many updates from 0, with the last one; where one close before is at hand, that one.
  private static func evenly(_ count: Int, of all: Int, _ models: PastModels) -> [Int] {
    guard count > 1 else { return [0] }
    let between = (all - 1) / (count - 1)
    return (0..<count).map { place in
      let update = place * (all - 1) / (count - 1)
      let kept = models.kept(upTo: update)
      return place < count - 1 && update - kept < between ? kept : update
    }
  }
}
