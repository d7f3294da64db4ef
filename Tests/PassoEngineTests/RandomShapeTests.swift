// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoTestSupport
import Testing

/// Gradient rules on shapes that nobody chose, held against central differences in f64.
struct RandomShapeTests {
  private static let rounds = 6

  /// How to make a case of each op through which gradients flow.
  private static let makers: [String: @Sendable (inout Dice) -> (any Op, [Tensor])] = [
    "add": { dice in
      let x = dice.shape([.batch, .position, .model])
      return (Add(), [dice.numbers(x), dice.numbers(dice.flip() ? x : Shape(x, axes: [2]))])
    },
    "plus": { dice in (Plus(), dice.broadcast()) },
    "minus": { dice in (Minus(), dice.broadcast()) },
    "times": { dice in (Times(), dice.broadcast()) },
    "over": { dice in
      let pair = dice.broadcast()
      return (Over(), [pair[0], dice.numbers(pair[1].shape, positive: true)])
    },
    "linear": { dice in
      let x = dice.shape([.batch, .position, .model])
      let out = dice.shape([.head, .headDim])
      let w = Shape(axes: [.model] + out.axes, sizes: [x.sizes[2]] + out.sizes)
      return (Linear(), [x, w, out].map { dice.numbers($0) })
    },
    "embedding": { dice in
      let table = dice.shape([.vocab, .model])
      let ids = dice.ids(dice.shape([.batch, .position]), below: table.sizes[0])
      return (Embedding(), [dice.numbers(table), ids])
    },
    "position_embedding": { dice in
      let table = dice.shape([.position, .model])
      return (PositionEmbedding(length: dice.size(upTo: table.sizes[0])), [dice.numbers(table)])
    },
    "attention_dots": { dice in
      let (q, k) = dice.heads()
      return (AttentionDots(), [dice.numbers(q), dice.numbers(k)])
    },
    "weighted_values": { dice in
      let (q, v) = dice.heads()
      let square = Shape(
        (.batch, q.sizes[0]),
        (.head, q.sizes[2]),
        (.query, q.sizes[1]),
        (.key, q.sizes[1])
      )
      return (WeightedValues(), [dice.numbers(square), dice.numbers(v)])
    },
    "scale": { dice in (Scale(factor: 0.3), [dice.numbers(dice.shape([.query, .key]))]) },
    "ablate_heads": { dice in
      let (z, _) = dice.heads()
      return (HeadAblation(heads: [0]), [dice.numbers(z)])
    },
    "softmax": { dice in (Softmax(), [dice.numbers(dice.shape([.batch, .query, .key]))]) },
    "apply_mask": { dice in
      let length = dice.size()
      let scores = Shape(
        (.batch, dice.size()),
        (.head, dice.size()),
        (.query, length),
        (.key, length)
      )
      let square = Shape((.query, length), (.key, length))
      let shape = dice.flip() ? square : Shape((.batch, scores.sizes[0])).appending(square)
      let mask = (0..<shape.count).map { cell in
        let (row, place) = cell.quotientAndRemainder(dividingBy: length * length)
        return place % length <= place / length + row ? 1.0 : 0
      }
      return (ApplyMask(), [dice.numbers(scores), Tensor(shape, mask)])
    },
    "layer_norm": { dice in
      let x = dice.shape([.batch, .position, .model])
      let row = Shape(x, axes: [2])
      let shapes = dice.flip() ? [x, row, row] : [x, row]
      return (LayerNorm(epsilon: 1e-3), shapes.map { dice.numbers($0) })
    },
    "rms_norm": { dice in
      let x = dice.shape([.batch, .position, .model])
      let axes = dice.flip() ? [2] : [1, 2]
      return (RMSNorm(epsilon: 1e-3), [dice.numbers(x), dice.numbers(Shape(x, axes: axes))])
    },
    "rotary": { dice in
      let x = Shape(
        (.batch, dice.size()),
        (.position, dice.size()),
        (.head, dice.size()),
        (.headDim, 2 * dice.size())
      )
      return (RotaryEmbedding(dice.angles()), [dice.numbers(x)])
    },
    "relu": { dice in (ReLU(), [dice.numbers(dice.shape([.position, .mlp]))]) },
    "dropout": { dice in
      let x = dice.shape([.position, .mlp])
      return (
        Dropout(rate: 0.3, stream: dice.size()), [dice.numbers(x), Tensor(.scalar, [Int32(7)])]
      )
    },
    "relu_squared": { dice in (SquaredReLU(), [dice.numbers(dice.shape([.position, .mlp]))]) },
    "gelu_exact": { dice in (GELUExact(), [dice.numbers(dice.shape([.position, .mlp]))]) },
    "swish": { dice in
      (Swish(steepness: dice.flip() ? 1 : 1.702), [dice.numbers(dice.shape([.position, .mlp]))])
    },
    "gated": { dice in
      let x = dice.shape([.position, .mlp])
      return (GatedProduct(), [dice.numbers(x), dice.numbers(x)])
    },
    "gelu": { dice in (GELU(), [dice.numbers(dice.shape([.position, .mlp]))]) },
    "swiglu": { dice in
      let x = dice.shape([.position, .mlp])
      return (SwiGLU(), [dice.numbers(x), dice.numbers(x)])
    },
    "cross_entropy": { dice in
      let x = dice.shape([.batch, .position, .vocab])
      let ids = dice.ids(Shape(x, axes: [0, 1]), below: x.sizes[2])
      return (CrossEntropy(), [dice.numbers(x), ids])
    },
    "mean_loss": { dice in
      let x = dice.shape([.batch, .position])
      return (MeanLoss(), [dice.numbers(x), dice.ids(x, below: 3)])
    },
    "weighted_mean_loss": { dice in
      let x = dice.shape([.batch, .position])
      let weights = Tensor(x, dice.numbers(x).doubles.map { 0.1 + $0 * $0 })
      return (WeightedMeanLoss(), [dice.numbers(x), dice.ids(x, below: 3), weights])
    },
    "transpose": { dice in (Transpose(), [dice.numbers(dice.shape([.vocab, .model]))]) },
    "sum_over": { dice in
      (SumOver(dice.flip() ? .key : nil), [dice.numbers(dice.shape([.query, .key]))])
    },
    "max_over": { dice in
      (MaximumOver(dice.flip() ? .key : nil), [dice.numbers(dice.shape([.query, .key]))])
    },
    "slice": { dice in
      let x = dice.shape([.query, .key])
      let count = dice.size(upTo: x.sizes[1])
      return (
        Slice([.index(x.sizes[0] - 1), .range(start: 0, count: count, step: 1)]),
        [dice.numbers(x)]
      )
    },
    "contract": { dice in
      let (m, n, k) = (dice.size(), dice.size(), dice.size())
      let op = Contraction(left: [0, 1], right: [1, 2], output: [0, 2], axes: [.query, .key])
      return (
        op,
        [
          dice.numbers(Shape((.query, m), (.item, n))),
          dice.numbers(Shape((.item, n), (.key, k))),
        ]
      )
    },
    "triangle": { dice in
      (Triangle(isUpper: dice.flip()), [dice.numbers(dice.shape([.query, .key]))])
    },
    "diagonal": { dice in
      (Diagonal(offset: dice.size(upTo: 3) - 2), [dice.numbers(dice.shape([.query, .key]))])
    },
    "topk": { dice in
      let x = dice.shape([.position, .vocab])
      return (TopK(dice.size(upTo: x.sizes[1])), [dice.numbers(x)])
    },
    "erf": { dice in (ErrorFunction(), [dice.numbers(dice.shape([.item]))]) },
    "tanh": { dice in (HyperbolicTangent(), [dice.numbers(dice.shape([.item]))]) },
    "exp": { dice in (Exponential(), [dice.numbers(dice.shape([.item]))]) },
    "log": { dice in (Logarithm(), [dice.numbers(dice.shape([.item]), positive: true)]) },
    "sqrt": { dice in (SquareRoot(), [dice.numbers(dice.shape([.item]), positive: true)]) },
    "abs": { dice in (AbsoluteValue(), [dice.numbers(dice.shape([.item]))]) },
  ]

  /// Ops that may be recorded, but send no gradient anywhere.
  private static let constant: Set<String> = [
    "attention_mask", "prefix_mask", "windowed_mask", "sinusoidal_positions",
    "compare", "argmax", "argtopk", "onehot", "constant", "earlier_pairs",
  ]

  @Test func everyDifferentiableOpIsTried() {
    for op in OpCatalog.all where op is any DifferentiableOp.Type {
      let name = op.card.name
      let isTried = Self.makers.keys.contains(name)
      #expect(isTried != Self.constant.contains(name), "\(name)")
    }
  }

  @Test(arguments: makers.keys.sorted())
  func gradientsEqualCentralDifferences(name: String) throws {
    let maker = try #require(Self.makers[name])
    for round in 0..<Self.rounds {
      var dice = Dice(seed: UInt64(round) * 1_000 + UInt64(name.utf8.reduce(0) { $0 + Int($1) }))
      let (op, inputs) = maker(&dice)
      #expect(type(of: op).card.name == name)
      let check = try GradientCheck(op: op, inputs: inputs, random: &dice.random)
      for (input, error) in try check.errors() {
        #expect(error <= 1e-6, "\(input) of \(inputs.map(\.shape))")
      }
      for error in try check.formulaErrors() { Issue.record("\(name): \(error)") }
    }
  }
}

/// Random sizes from 1 to 5, and random numbers.
private struct Dice {
  var random: RandomSource

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func size(upTo limit: Int = 5) -> Int { Int.random(in: 1...limit, using: &random) }

  mutating func flip() -> Bool { Bool.random(using: &random) }

  mutating func shape(_ axes: [Axis]) -> Shape {
    Shape(axes: axes, sizes: axes.map { _ in size() })
  }

  mutating func numbers(_ shape: Shape, positive: Bool = false) -> Tensor {
    Tensor(
      shape,
      (0..<shape.count).map { _ in positive ? 0.5 + random.uniform() : random.normal() }
    )
  }

  /// Angles of every kind.
  mutating func angles() -> RotaryAngles {
    var angles = RotaryAngles(base: 100)
    let kinds: [RotaryAngles.Stretch] = [
      .none, .linear(factor: 3), .llama3(factor: 4, low: 1, high: 4, original: 20),
      .yarn(factor: 4, fast: 32, slow: 1, original: 20, isRounded: flip()),
    ]
    angles.stretch = kinds[size(upTo: 4) - 1]
    angles.width = flip() ? nil : 2
    angles.magnitude = flip() ? 1 : 1.2
    return angles
  }

  mutating func ids(_ shape: Shape, below limit: Int) -> Tensor {
    Tensor(shape, (0..<shape.count).map { _ in Int32(size(upTo: limit) - 1) })
  }

  /// Two shapes that broadcast by the names of their axes.
  mutating func broadcast() -> [Tensor] {
    let x = shape([.batch, .query, .key])
    let other = flip() ? x : flip() ? Shape(x, axes: [2]) : Shape(x, axes: [0, 2])
    return flip() ? [numbers(x), numbers(other)] : [numbers(other), numbers(x)]
  }

  /// Queries, and keys or values of which several heads share one.
  mutating func heads() -> (queries: Shape, keys: Shape) {
    let (batch, length, width) = (size(upTo: 3), size(), size())
    let (keyHeads, group) = (size(upTo: 3), size(upTo: 3))
    func heads(_ count: Int) -> Shape {
      Shape((.batch, batch), (.position, length), (.head, count), (.headDim, width))
    }
    return (heads(keyHeads * group), heads(keyHeads))
  }
}

extension Shape {
  /// Some of the axes of another shape.
  fileprivate init(_ other: Shape, axes: [Int]) {
    self.init(axes: axes.map { other.axes[$0] }, sizes: axes.map { other.sizes[$0] })
  }
}
