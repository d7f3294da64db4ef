// SPDX-License-Identifier: MIT

import PassoText

/// Which positions may be looked at.
package enum MaskKind: Hashable, Sendable, CustomStringConvertible {
  /// Itself and everything before it.
  case causal
  /// Everything before it, and not itself: the first position sees nothing.
  case strict
  /// Everything: for masked language models, or to see what goes wrong without a mask.
  case none
  /// Itself and the positions just before it, so many in all.
  case window(Int)
  /// Itself, those before, and the positions at the start of its row that the data say are known.
  case prefix
  /// Whatever somebody has written: a row for each query, in which true is a key that it may see.
  case custom([[Bool]])

  /// The form in which it is typed: `causal`, `none`, `window 2`.
  package var description: String {
    switch self {
    case .causal: "causal"
    case .strict: "strict"
    case .none: "none"
    case .window(let size): "window \(size)"
    case .prefix: "prefix"
    case .custom(let rows):
      "custom "
        + rows.map { String($0.map { $0 ? "1" : "0" }) }.joined(separator: "/")
    }
  }

  /// The form in which it is said: a mask that somebody wrote is typed in the same way everywhere.
  package var words: Bilingual {
    switch self {
    case .causal: Bilingual(it: "causale", en: description)
    case .strict: Bilingual(it: "causale in senso stretto", en: description)
    case .none: Bilingual(it: "nessuna", en: description)
    case .window(let size): Bilingual(it: "finestra di \(size)", en: description)
    case .prefix, .custom: Bilingual(same: description)
    }
  }

  /// Whether a query may look at a key.
  ///
  /// - Parameters:
  ///   - query: The position that looks, from 0.
  ///   - key: The position that is looked at, from 0.
  ///   - prefix: How many positions of the row are known from the start.
  /// - Returns: Whether it may.
  package func allows(query: Int, key: Int, prefix: Int) -> Bool {
    switch self {
    case .causal: key <= query
    case .strict: key < query
    case .none: true
    case .window(let size): key <= query && query - key < size
    case .prefix: key <= query || key < prefix
    case .custom(let rows):
      rows.indices.contains(query) && rows[query].indices.contains(key) && rows[query][key]
    }
  }
}

/// A matrix of ones where a query may look at a key, and zeros elsewhere.
///
/// Shapes: nothing to `[query, key]`.
/// Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3.
package struct AttentionMask: DifferentiableOp {
  package static let card = OpCard(
    name: "attention_mask",
    inputs: [],
    output: "[query, key]",
    formula: Bilingual(
      it: "mask[i, j] = 1 se la posizione i può guardare la posizione j, altrimenti 0",
      en: "mask[i, j] = 1 if position i may look at position j, else 0"
    ),
    summary: Bilingual(
      it: "scrive 1 dove una posizione può guardarne un'altra: con la maschera causale sé stessa e"
        + " quelle prima, mai quelle dopo",
      en: "writes 1 where a position may look at another: with the causal mask itself and those"
        + " before, never those after"
    ),
    gradient: Bilingual(
      it: "la maschera è data, non imparata: nessun gradiente",
      en: "the mask is given, not learned: no gradient"
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.2.3"
  )

  package static let examples = [
    OpExample(AttentionMask(.causal, length: 3), [], gives: [1, 0, 0, 1, 1, 0, 1, 1, 1]),
    OpExample(AttentionMask(.strict, length: 3), [], gives: [0, 0, 0, 1, 0, 0, 1, 1, 0]),
    OpExample(AttentionMask(.none, length: 2), [], gives: [1, 1, 1, 1]),
    OpExample(AttentionMask(.window(2), length: 3), [], gives: [1, 0, 0, 1, 1, 0, 0, 1, 1]),
  ]

  let kind: MaskKind
  let length: Int

  /// A mask that is the same for all rows: `PrefixMask` makes the one that is not.
  package init(_ kind: MaskKind, length: Int) {
    precondition(kind != .prefix, "a prefix mask reads the length of each row's prefix")
    self.kind = kind
    self.length = length
  }

  package var settings: [String] { [kind.description, "length \(length)"] }

  package func words(for use: StepUse) -> StepWords {
    let words = Self.card.words(for: use)
    guard kind == .strict else { return words }
    return StepWords(
      formula: words.formula,
      summary: Bilingual(
        it: "scrive 1 dove una posizione può guardarne un'altra: solo quelle prima, nemmeno sé"
          + " stessa. La posizione 0 non vede nulla: la sua softmax, che sarebbe 0/0, resta di"
          + " zeri",
        en: "writes 1 where a position may look at another: those before alone, not even itself."
          + " Position 0 sees nothing: its softmax, which would be 0/0, stays all zeros"
      ),
      gradient: words.gradient
    )
  }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    Shape((.query, length), (.key, length))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let output = operands.output
    for query in 0..<length {
      for key in 0..<length {
        output[query * length + key] = allows(query, key) ? 1 : 0
      }
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  private func allows(_ query: Int, _ key: Int) -> Bool {
    kind.allows(query: query, key: key, prefix: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .number(allows(index / length, index % length) ? 1 : 0)
  }
}

/// Puts minus infinity where the mask has a zero.
///
/// Shapes: `scores [batch, head, query, key]` and `mask [query, key]`, or one for each row of the
/// batch, to the shape of the scores.
/// Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3.
package struct ApplyMask: DifferentiableOp {
  package static let card = OpCard(
    name: "apply_mask",
    inputs: [OpInput("scores", "[batch, head, query, key]"), .fixed("mask", "[query, key]")],
    output: "[batch, head, query, key]",
    formula: Bilingual(
      it: "masked[b, h, i, j] = scores[b, h, i, j] se mask[i, j] = 1, altrimenti -inf",
      en: "masked[b, h, i, j] = scores[b, h, i, j] if mask[i, j] = 1, else -inf"
    ),
    summary: Bilingual(
      it: "mette -inf dove non si può guardare: dopo la softmax exp(-inf) fa esattamente 0, e il"
        + " resto della riga somma ancora a 1",
      en: "puts -inf where nothing may be seen: after the softmax exp(-inf) is exactly 0, and the"
        + " rest of the row still sums to 1"
    ),
    gradient: Bilingual(
      it: "le celle mascherate non ricevono gradiente: non hanno avuto effetto",
      en: "masked cells receive no gradient: they had no effect"
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.2.3"
  )

  package static let examples = [
    OpExample(
      ApplyMask(),
      [
        Tensor(Shape((.batch, 1), (.head, 1), (.query, 2), (.key, 2)), [1.0, 2, 3, 4]),
        Tensor(Shape((.query, 2), (.key, 2)), [1.0, 0, 1, 1]),
      ],
      gives: [1, -.infinity, 3, 4]
    )
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try maskedShape(inputs)
  }

  /// The cell of the mask that decides on a cell of the value.
  static func cell(_ index: Int, of x: Shape, mask: Shape) -> Int {
    guard mask.rank == 3, x.rank == 4 else { return index % mask.count }
    let square = mask.sizes[1] * mask.sizes[2]
    return index / (x.sizes[1] * square) * square + index % square
  }

  /// Copies what the mask lets through, and puts `hidden` elsewhere.
  static func fill<S: Scalar>(_ operands: Operands<S>, hidden: S) {
    let x = operands.input(0)
    let mask = operands.input(1)
    let output = operands.output
    let shapes = (x: operands.outputShape, mask: operands.shape(1))
    let square = shapes.mask.suffix(from: max(0, shapes.mask.rank - 2)).count
    for start in stride(from: 0, to: x.count, by: square) {
      let first = cell(start, of: shapes.x, mask: shapes.mask)
      for i in 0..<square {
        output[start + i] = mask[first + i] == 0 ? hidden : x[start + i]
      }
    }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    Self.fill(operands, hidden: -S.infinity)
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(ApplyMaskGradient(), [scope.outputGradient, scope.inputs[1]], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let mask = ApplyMask.cell(index, of: scope.shape(0), mask: scope.shape(1))
    let isSeen = scope.value(1, mask) != 0
    return .decided(isSeen ? scope[0, index] : .number(-.infinity), by: [scope[1, mask]])
  }
}

/// The gradient of the scores: zero where the mask hid them.
package struct ApplyMaskGradient: Op {
  package static let card = OpCard(
    name: "apply_mask_gradient",
    inputs: [OpInput("grad", "[batch, head, query, key]"), .fixed("mask", "[query, key]")],
    output: "[batch, head, query, key]",
    formula: Bilingual(
      it: "grad.scores[i, j] = grad[i, j] se mask[i, j] = 1, altrimenti 0",
      en: "grad.scores[i, j] = grad[i, j] if mask[i, j] = 1, else 0"
    ),
    summary: Bilingual(
      it: "azzera il gradiente delle celle mascherate: nessun gradiente va verso le posizioni che"
        + " la riga non poteva guardare",
      en: "zeroes the gradient of masked cells: no gradient goes to the positions at which the row"
        + " could not look"
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.2.3"
  )

  package static let examples = [
    OpExample(
      ApplyMaskGradient(),
      [
        Tensor(Shape((.query, 2), (.key, 2)), [1.0, 2, 3, 4]),
        Tensor(Shape((.query, 2), (.key, 2)), [1.0, 0, 1, 1]),
      ],
      gives: [1, 0, 3, 4]
    )
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try maskedShape(inputs)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    ApplyMask.fill(operands, hidden: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let mask = ApplyMask.cell(index, of: scope.shape(0), mask: scope.shape(1))
    return .decided(scope.value(1, mask) != 0 ? scope[0, index] : 0, by: [scope[1, mask]])
  }
}

extension Op {
  /// The rule of ops that hide a part of their first input.
  fileprivate func maskedShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, isMask(inputs[1], of: inputs[0]) else {
      throw Self.needs(
        it: "una maschera con gli ultimi assi del valore, una sola o una per riga",
        en: "a mask with the last axes of the value, one alone or one for each row",
        found: inputs
      )
    }
    return inputs[0]
  }

  private func isMask(_ mask: Shape, of x: Shape) -> Bool {
    if x.ends(with: mask) { return true }
    return mask.rank == 3 && x.rank == 4 && mask.axes[0] == x.axes[0]
      && mask.sizes[0] == x.sizes[0] && x.ends(with: mask.suffix(from: 1))
  }
}
