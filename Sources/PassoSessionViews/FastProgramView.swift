// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// The fast form of the program beside the readable one.
package struct FastProgramView {
  private let program: Program
  private let fast: FastProgram

  /// Lowers the program of a session.
  ///
  /// - Throws: `NoFastForm`.
  package init(_ session: Session) throws {
    program = session.timeline.plan.program
    do {
      fast = try Lowering.lower(program)
    } catch let reason {
      throw NoFastForm(reason: reason)
    }
  }

  /// The steps of a phase, or all.
  package func listing(_ phase: Phase?) -> Figure {
    let steps = fast.steps.enumerated().filter { phase == nil || $0.element.phase == phase }
    return .table(
      TableFigure(
        title: title,
        columns: [
          .init(.right), .init(it: "scrive", en: "writes"), .init(it: "come", en: "how"),
          .init(it: "passi leggibili", en: "readable steps"),
        ],
        rows: steps.map { index, step in
          [
            Bilingual(same: String(index + 1)), Bilingual(same: step.name), step.work,
            Bilingual(same: Self.ranges(step.covers.map { $0 + 1 })),
          ]
        }
      )
    )
  }

  private var title: Bilingual {
    let (count, readable) = (fast.steps.count, program.steps.count)
    let bytes = NumberText.count(FastPlan(fast).byteCount / 1024)
    return Bilingual(
      it: "forma veloce: \(count) passi al posto di \(readable), \(bytes) KB",
      en: "fast form: \(count) steps in place of \(readable), \(bytes) KB"
    )
  }

  /// `1–3, 7`.
  private static func ranges(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers.sorted() {
      let start = ranges.last?.upperBound == number - 1 ? ranges.removeLast().lowerBound : number
      ranges.append(start...number)
    }
    let texts = ranges.map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)"
    }
    return texts.isEmpty ? "–" : texts.joined(separator: ", ")
  }
}

/// A program that has the readable form only.
private struct NoFastForm: WordedProblem {
  let reason: NotLowerable

  var wording: Wording {
    Slowness.notLowerable(reason).message
      .hint(it: ":program elenca quella leggibile", en: ":program lists the readable one")
  }
}
