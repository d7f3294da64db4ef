// SPDX-License-Identifier: MIT

import PassoText

/// The meaning of one dimension of a tensor; two axes of the same name are the same thing.
package struct Axis: Hashable, Sendable, CustomStringConvertible {
  /// The name as learners see it.
  package let name: String

  /// Names an axis.
  package init(_ name: String) {
    self.name = name
  }

  /// The name as learners see it.
  package var description: String { name }

  /// The name in a sentence or beside a figure; in shapes and expressions the axis has its name.
  package var word: Bilingual {
    switch self {
    case .position: Bilingual(it: "posizione", en: name)
    case .head: Bilingual(it: "testa", en: name)
    case .batch: Bilingual(it: "riga", en: name)
    default: Bilingual(same: name)
    }
  }

  /// Rows of data that are worked on together.
  package static let batch = Axis("batch")
  /// Places in the text.
  package static let position = Axis("position")
  /// Places that look, in attention.
  package static let query = Axis("query")
  /// Places that are looked at, in attention.
  package static let key = Axis("key")
  /// Attention heads.
  package static let head = Axis("head")
  /// The components of one head.
  package static let headDim = Axis("head_dim")
  /// The components of the residual stream.
  package static let model = Axis("model")
  /// The hidden components of the MLP.
  package static let mlp = Axis("mlp")
  /// The tokens of the vocabulary.
  package static let vocab = Axis("vocab")
  /// The items of a list that somebody wrote.
  package static let item = Axis("item")
}

/// An ordered list of named axes with their sizes; a scalar has none.
package struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// The axes, outermost first.
  package let axes: [Axis]

  /// The size of each axis.
  package let sizes: [Int]

  /// The number of elements; 1 for a scalar, `Int.max` where it cannot be counted.
  package let count: Int

  /// Builds a shape from axes and sizes, outermost first.
  ///
  /// A shape can be larger than any memory; an execution refuses it.
  package init(_ dimensions: (Axis, Int)...) {
    self.init(axes: dimensions.map(\.0), sizes: dimensions.map(\.1))
  }

  package init(axes: [Axis], sizes: [Int]) {
    precondition(axes.count == sizes.count, "\(axes.count) axes for \(sizes.count) sizes")
    self.axes = axes
    self.sizes = sizes
    count = Self.product(sizes)
  }

  /// Sizes multiplied; `Int.max` where that cannot be counted.
  private static func product(_ sizes: some Sequence<Int>) -> Int {
    sizes.reduce(1) { count, size in
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      return overflow ? Int.max : product
    }
  }

  /// The shape of a single number.
  package static let scalar = Shape()

  /// The number of axes.
  package var rank: Int { axes.count }

  /// The text form: `[batch 1, position 5, model 16]`.
  package var description: String {
    "[" + zip(axes, sizes).map { "\($0) \($1)" }.joined(separator: ", ") + "]"
  }
}

extension Shape {
  /// The axes from `start` on.
  package func suffix(from start: Int) -> Shape {
    Shape(axes: Array(axes[start...]), sizes: Array(sizes[start...]))
  }

  /// The axes before `end`.
  package func prefix(_ end: Int) -> Shape {
    Shape(axes: Array(axes[..<end]), sizes: Array(sizes[..<end]))
  }

  /// The axes of this shape, then those of another.
  package func appending(_ other: Shape) -> Shape {
    Shape(axes: axes + other.axes, sizes: sizes + other.sizes)
  }

  /// Whether the last axes of this shape are those of another.
  package func ends(with other: Shape) -> Bool {
    rank >= other.rank && suffix(from: rank - other.rank) == other
  }

  /// The size of the last axis; 1 for a scalar.
  package var lastSize: Int { sizes.last ?? 1 }

  /// How many rows of `lastSize` elements there are.
  package var rowCount: Int { rank == 0 ? 1 : Self.product(sizes.dropLast()) }

  /// The step, in elements, from one index to the next along each axis, in row-major order.
  package var strides: [Int] {
    var strides = Array(repeating: 1, count: rank)
    for i in stride(from: rank - 2, through: 0, by: -1) {
      strides[i] = Self.product([strides[i + 1], sizes[i + 1]])
    }
    return strides
  }
}

/// Inputs whose shapes an op cannot take.
package struct ShapeProblem: Problem, Equatable {
  /// The op, by the name on its card.
  package let op: String

  /// What the op needs, as the end of a sentence that begins with "needs".
  package let need: Bilingual

  /// What it was given.
  package let found: [Shape]

  /// The sentence with the op, the requirement and the shapes.
  package var message: Bilingual {
    let shapes = found.map(\.description)
    let none = Bilingual(it: "nulla", en: "nothing")
    return Bilingual(
      it: "\(it: op) vuole \(need.it), non "
        + (shapes.isEmpty ? none.it : shapes.joined(separator: " e ")),
      en: "\(en: op) needs \(need.en), got "
        + (shapes.isEmpty ? none.en : shapes.joined(separator: " and "))
    )
  }
}
