// SPDX-License-Identifier: MIT

/// How a lesson asks its questions: the same when what somebody did is carried out again.
struct QuestionManner: Equatable {
  /// Whether how sure one is of an answer is asked before the verdict.
  var asksConfidence = false

  /// The order of the options; nil for that of the file.
  var order: OptionOrder?

  /// One thing that a comment of a recorded session says of it.
  enum Change: Equatable {
    case confidence(Bool)
    case order(OptionOrder?)

    private static let asked = "confidence is asked"
    private static let notAsked = "confidence is not asked"
    private static let order = "order "

    /// Reads what stands behind the mark of a comment; nil if it says something else.
    init?(comment: String) {
      switch comment {
      case Self.asked: self = .confidence(true)
      case Self.notAsked: self = .confidence(false)
      default:
        guard comment.hasPrefix(Self.order) else { return nil }
        let seed = UInt64(comment.dropFirst(Self.order.count), radix: 16)
        self = .order(seed.map(OptionOrder.init(seed:)))
      }
    }

    /// The comment that says it.
    var comment: String {
      switch self {
      case .confidence(let isAsked): isAsked ? Self.asked : Self.notAsked
      case .order(let order): Self.order + (order?.digits ?? "of the file")
      }
    }
  }

  mutating func apply(_ change: Change) {
    switch change {
    case .confidence(let isAsked): asksConfidence = isAsked
    case .order(let order): self.order = order
    }
  }

  /// The comments that lead here from another manner.
  func comments(after other: QuestionManner = QuestionManner()) -> [String] {
    var changes: [Change] = []
    if asksConfidence != other.asksConfidence { changes.append(.confidence(asksConfidence)) }
    if order != other.order { changes.append(.order(order)) }
    return changes.map(\.comment)
  }
}

extension Course {
  /// How a lesson that begins now asks its questions.
  var manner: QuestionManner {
    repeated
      ?? QuestionManner(
        asksConfidence: asksConfidence,
        order: orderFile.map(OptionOrder.init(keptAt:))
      )
  }
}
