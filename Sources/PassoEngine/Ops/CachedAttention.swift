// SPDX-License-Identifier: MIT

import PassoText

/// Puts the keys or values of new positions behind those that are known already.
///
/// The output is the cache itself, in the same memory: only the rows of the new positions are
/// written. Shapes: `cache [batch, key, head, head_dim]`, `x [batch, position, head, head_dim]` and
/// the number of positions known before, to the shape of the cache.
/// Source: Pope et al. 2022, arXiv:2211.05102, section 2.
package struct AppendToCache: Op {
  package static let card = OpCard(
    name: "append_to_cache",
    inputs: [
      .fixed("cache", "[batch, key, head, head_dim]"),
      .fixed("x", "[batch, position, head, head_dim]"), .fixed("start", "[]"),
    ],
    output: "[batch, key, head, head_dim]",
    formula: Bilingual(same: "cache[b, start + t] = x[b, t]"),
    summary: Bilingual(
      it: "mette key e value dei token nuovi dietro a quelli già calcolati: nessuno cambia più,"
        + " perché nessun token guarda avanti",
      en: "puts the keys and values of new tokens behind those computed already: none of them will"
        + " change, since no token looks ahead"
    ),
    source: "Pope et al. 2022, arXiv:2211.05102, § 2"
  )

  package static let examples = [
    OpExample(
      AppendToCache(),
      [
        Tensor(Shape((.batch, 1), (.key, 3), (.head, 1), (.headDim, 1)), [1.0, 2, 3]),
        Tensor(Shape((.batch, 1), (.position, 1), (.head, 1), (.headDim, 1)), [7.0]),
        Tensor(scalar: 1),
      ],
      gives: [1, 7, 3]
    )
  ]

  package init() {}

  package var overwrittenInput: Int? { 0 }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 3, inputs[0].isCache, inputs[1].isHeads, inputs[2].rank == 0,
      inputs[0].sizes[0] == inputs[1].sizes[0], inputs[0].sizes[1] >= inputs[1].sizes[1],
      inputs[0].sizes[2...] == inputs[1].sizes[2...]
    else {
      throw Self.needs(
        it: "una cache con posto per le posizioni nuove, e le stesse teste",
        en: "a cache with room for the new positions, and the same heads",
        found: inputs
      )
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let x = operands.input(1)
    let output = operands.output
    let (cache, new) = (operands.shape(0).sizes, operands.shape(1).sizes)
    let width = cache[2] * cache[3]
    let start = Int(operands.scalar(2))
    precondition(start >= 0 && start + new[1] <= cache[1], "a cache of \(cache[1]) is full")
    for row in 0..<cache[0] {
      let target = (row * cache[1] + start) * width
      let source = row * new[1] * width
      for i in 0..<new[1] * width { output[target + i] = x[source + i] }
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (cache, new) = (scope.shape(0).sizes, scope.shape(1).sizes)
    let width = cache[2] * cache[3]
    let (row, place) = (index / (cache[1] * width), index / width % cache[1])
    let position = place - Int(scope.value(2, 0))
    guard (0..<new[1]).contains(position) else {
      return .decided(scope[0, index], by: [scope[2, 0]])
    }
    return .decided(
      scope[1, (row * new[1] + position) * width + index % width],
      by: [scope[2, 0]]
    )
  }
}

/// Causal attention of new positions over all that are known: dots, scale, mask, softmax and
/// mixture in one, for one query after the other.
///
/// Shapes: `q [batch, position, head, head_dim]`, two caches `[batch, key, head, head_dim]`,
/// perhaps with fewer heads, and the number of positions before the first query, to the shape of
/// `q`. Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.1.
package struct CachedAttention: Op {
  package static let card = OpCard(
    name: "cached_attention",
    inputs: [
      .fixed("q", "[batch, position, head, head_dim]"),
      .fixed("keys", "[batch, key, head, head_dim]"),
      .fixed("values", "[batch, key, head, head_dim]"), .fixed("start", "[]"),
    ],
    output: "[batch, position, head, head_dim]",
    formula: Bilingual(
      it: "z[t] = somma su j <= start + t di softmax(scale * q[t] @ keys[j]) * values[j], per tutti"
        + " i j o per gli ultimi window",
      en: "z[t] = sum over j <= start + t of softmax(scale * q[t] @ keys[j]) * values[j], for all j"
        + " or for the last window of them"
    ),
    summary: Bilingual(
      it: "l'attenzione dei token nuovi su tutti quelli noti, presi dalla cache",
      en: "the attention of new tokens over all known ones, taken from the cache"
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.2.1"
  )

  package static let examples = [
    OpExample(
      CachedAttention(scale: 1),
      [
        Tensor(Shape((.batch, 1), (.position, 1), (.head, 2), (.headDim, 1)), [0.0, 0]),
        Tensor(Shape((.batch, 1), (.key, 3), (.head, 1), (.headDim, 1)), [5.0, 6, 7]),
        Tensor(Shape((.batch, 1), (.key, 3), (.head, 1), (.headDim, 1)), [2.0, 4, 9]),
        Tensor(scalar: 1),
      ],
      gives: [3, 3]
    ),
    OpExample(
      CachedAttention(scale: 1, window: 2),
      [
        Tensor(Shape((.batch, 1), (.position, 2), (.head, 1), (.headDim, 1)), [0.0, 0]),
        Tensor(Shape((.batch, 1), (.key, 4), (.head, 1), (.headDim, 1)), [5.0, 6, 7, 8]),
        Tensor(Shape((.batch, 1), (.key, 4), (.head, 1), (.headDim, 1)), [2.0, 4, 9, 1]),
        Tensor(scalar: 1),
      ],
      gives: [3, 6.5]
    ),
  ]

  /// What the dot products are multiplied by: one over the root of the head's width.
  let scale: Double

  /// Positions that a query sees, itself and those before; nil for all.
  let window: Int?

  package init(scale: Double, window: Int? = nil) {
    self.scale = scale
    self.window = window
  }

  package var settings: [String] {
    ["scale \(NumberText.code(scale))"] + (window.map { ["window \($0)"] } ?? [])
  }

  /// The positions that the query at the last of so many known ones sees.
  private func seen(_ known: Int) -> Range<Int> {
    max(0, known - (window ?? known))..<known
  }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 4, inputs[0].isHeads, inputs[1].isCache, inputs[1] == inputs[2],
      inputs[3].rank == 0, inputs[0].sizes[0] == inputs[1].sizes[0],
      inputs[0].sizes[3] == inputs[1].sizes[3],
      inputs[0].sizes[2].isMultiple(of: inputs[1].sizes[2])
    else {
      throw Self.needs(
        it: "query, e due cache con la stessa head_dim",
        en: "queries, and two caches of the same head_dim",
        found: inputs
      )
    }
    return inputs[0]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (q, keys, values) = (operands.input(0), operands.input(1), operands.input(2))
    let (sizes, cache) = (operands.shape(0).sizes, operands.shape(1).sizes)
    let (length, heads, width) = (sizes[1], sizes[2], sizes[3])
    let (capacity, keyHeads) = (cache[1], cache[2])
    let start = Int(operands.scalar(3))
    let output = operands.output
    withUnsafeTemporaryAllocation(of: S.self, capacity: capacity) { weights in
      for row in 0..<sizes[0] {
        for position in 0..<length {
          let known = start + position + 1
          for head in 0..<heads {
            let query = ((row * length + position) * heads + head) * width
            let shared = head / (heads / keyHeads) * width
            let first = row * capacity * keyHeads * width + shared
            let place = HeadPlace(first: first, stride: keyHeads * width, width: width)
            let seen = seen(known)
            weigh(q, from: query, keys, at: place, into: weights[seen])
            mix(values, at: place, weights[seen], into: output, from: query)
          }
        }
      }
    }
  }

  /// Where the vectors of one head are in a cache.
  private struct HeadPlace {
    let first: Int
    let stride: Int
    let width: Int
  }

  /// The weights of one query over the known positions; they sum to 1.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func weigh<S: Scalar>(
    _ q: UnsafeBufferPointer<S>,
    from query: Int,
    _ keys: UnsafeBufferPointer<S>,
    at place: HeadPlace,
    into weights: Swift.Slice<UnsafeMutableBufferPointer<S>>
  ) {
    var weights = weights
    var largest = -S.infinity
    for position in weights.indices {
      let key = place.first + position * place.stride
      var dot = S.Sum()
      for i in 0..<place.width { dot.add(q[query + i], times: keys[key + i]) }
      weights[position] = dot.rounded * S(scale)
      largest = max(largest, weights[position])
    }
    for position in weights.indices { weights[position] -= largest }
    S.exponentials(UnsafeMutableBufferPointer(rebasing: weights))
    var sum = S.Sum()
    for position in weights.indices { sum.add(weights[position]) }
    let total = sum.rounded
    for position in weights.indices { weights[position] /= total }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  private func mix<S: Scalar>(
    _ values: UnsafeBufferPointer<S>,
    at place: HeadPlace,
    _ weights: Swift.Slice<UnsafeMutableBufferPointer<S>>,
    into output: UnsafeMutableBufferPointer<S>,
    from start: Int
  ) {
    Summation.withSums(place.width, of: S.self) { sums in
      for position in weights.indices {
        let value = place.first + position * place.stride
        for i in 0..<place.width { sums[i].add(weights[position], times: values[value + i]) }
      }
      for i in 0..<place.width { output[start + i] = sums[i].rounded }
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let place = scope.places(index)
    let (q, cache) = (scope.shape(0).sizes, scope.shape(1).sizes)
    let head = place[2] / (q[2] / cache[2])
    let query = index - place[3]
    func key(_ j: Int) -> Int { ((place[0] * cache[1] + j) * cache[2] + head) * cache[3] }
    let known = seen(Int(scope.value(3, 0)) + place[1] + 1)
    let scores = known.map { j in
      Formula.part(
        "score \(j)",
        .number(scale) * .sum((0..<q[3]).map { scope[0, query + $0] * scope[1, key(j) + $0] })
      )
    }
    let total = Formula.part("sum of exp", .sum(scores.map(Formula.exp)))
    return .sum(
      zip(known, scores).map { j, score in .exp(score) / total * scope[2, key(j) + place[3]] }
    )
  }
}

extension Shape {
  /// Whether this is `[batch, key, head, head_dim]`: keys or values of as many positions as fit.
  fileprivate var isCache: Bool { axes == [.batch, .key, .head, .headDim] }
}
