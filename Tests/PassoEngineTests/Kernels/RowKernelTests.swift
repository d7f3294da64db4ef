// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import PassoEngine
import PassoRuntime
import Testing

/// What is done row by row, against its formula in double precision.
struct RowKernelTests {
  /// Fewer than a vector of any kind, one and a bit, several.
  static let widths = [3, 5, 17, 67]

  @Test(arguments: KernelKind.all, widths)
  func normsAndTheirGradients(kind: KernelKind, width: Int) throws {
    var source = RandomSource(seed: 8)
    let (rows, parts, epsilon) = (7, 3, 1e-3)
    let x = Numbers(random: rows * width, &source, scale: 3)
    let (gain, bias) = (Numbers(random: width, &source), Numbers(random: width, &source))
    let (dOut, skip) = (
      Numbers(random: rows * width, &source), Numbers(random: rows * width, &source)
    )
    for isLayer in [false, true] {
      let (out, dx) = (Numbers(count: rows * width), Numbers(count: rows * width))
      let (moments, partial) = (
        Numbers(count: 2 * rows), Numbers(count: parts * 2 * width, filling: 0)
      )
      let arguments = ck_norm(
        rows: Int32(rows),
        width: Int32(width),
        parts: Int32(parts),
        is_centred: isLayer ? 1 : 0,
        epsilon: Float(epsilon),
        x: x.read,
        gain: gain.read,
        bias: isLayer ? bias.read : nil,
        out: out.start,
        moments: moments.start,
        d_out: dOut.read,
        d_skip: isLayer ? skip.read : nil,
        dx: dx.start,
        partial: partial.start
      )
      try kind.run(\.norm, arguments, parts: parts)
      try kind.run(\.norm_gradient, arguments, parts: parts)
      var wanted: (out: [Double], dx: [Double]) = ([], [])
      var sums = [Double](repeating: 0, count: 2 * width)
      for row in 0..<rows {
        let at = row * width..<(row + 1) * width
        let numbers = Array(x.doubles[at])
        let mean = isLayer ? numbers.reduce(0, +) / Double(width) : 0
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        let inverse = 1 / (variance + epsilon).squareRoot()
        let n = numbers.map { ($0 - mean) * inverse }
        let d = Array(dOut.doubles[at])
        let g = zip(d, gain.doubles).map(*)
        let middle = isLayer ? g.reduce(0, +) / Double(width) : 0
        let slope = zip(g, n).map(*).reduce(0, +) / Double(width)
        for i in 0..<width {
          wanted.out.append(gain.doubles[i] * n[i] + (isLayer ? bias.doubles[i] : 0))
          let kept = isLayer ? skip.doubles[at.lowerBound + i] : 0
          wanted.dx.append(inverse * (g[i] - middle - n[i] * slope) + kept)
          sums[i] += d[i] * n[i]
          if isLayer { sums[width + i] += d[i] }
        }
      }
      expectNear(out, wanted.out, "norm of \(width)")
      expectNear(dx, wanted.dx, within: 1e-5, "its gradient")
      // The parts' sums are added up by a kernel of their own.
      for accumulates in [false, true] {
        let total = Numbers(count: 2 * width, filling: 1)
        let addition = ck_sum_parts(
          parts: Int32(parts),
          width: Int32(2 * width),
          accumulate: accumulates ? 1 : 0,
          stride: 2 * width,
          partial: partial.read,
          out: total.start
        )
        try kind.run(\.sum_parts, addition)
        expectNear(
          total,
          sums.map { $0 + (accumulates ? 1 : 0) },
          within: 1e-5,
          "sums of the parts"
        )
      }
    }
  }

  @Test(arguments: KernelKind.all, [1, 63, 64, 65, 200])
  func columnSums(kind: KernelKind, width: Int) throws {
    var source = RandomSource(seed: 9)
    let (rows, row) = (9, width + 3)
    let x = Numbers(random: rows * row, &source)
    for accumulates in [false, true] {
      let out = Numbers(count: width, filling: 2)
      let arguments = ck_column_sums(
        rows: Int32(rows),
        width: Int32(width),
        accumulate: accumulates ? 1 : 0,
        x: x.read,
        row: row,
        out: out.start
      )
      try kind.run(\.column_sums, arguments, parts: (width + 63) / 64)
      let wanted = (0..<width).map { column in
        (0..<rows).reduce(accumulates ? 2 : 0) { $0 + x.doubles[$1 * row + column] }
      }
      expectNear(out, wanted, "sums of \(width) columns")
    }
  }

  @Test(arguments: KernelKind.all, widths)
  func embeddingsAndTheirGradients(kind: KernelKind, width: Int) throws {
    var source = RandomSource(seed: 10)
    let (batch, length, vocabulary, known) = (2, 4, 5, Integers([3]))
    let tokens: [Int32] = [0, 4, 4, 2, 1, 4, 0, 0]
    let table = Numbers(random: vocabulary * width, &source)
    let positions = Numbers(random: 8 * width, &source)
    let dOut = Numbers(random: tokens.count * width, &source)
    for (hasPositions, accumulates, hasKnown) in [
      (false, false, false), (true, true, false), (true, false, true),
    ] {
      let out = Numbers(count: tokens.count * width)
      let dTable = Numbers(count: vocabulary * width, filling: 1)
      let dPositions = Numbers(count: length * width, filling: 1)
      let ids = Integers(tokens)
      let arguments = ck_embedding(
        batch: Int32(batch),
        length: Int32(length),
        width: Int32(width),
        vocabulary: Int32(vocabulary),
        parts: 3,
        accumulate: accumulates ? 1 : 0,
        known: hasKnown ? known.read : nil,
        tokens: ids.read,
        table: table.read,
        positions: hasPositions ? positions.read : nil,
        out: out.start,
        d_out: dOut.read,
        d_table: dTable.start,
        d_positions: dPositions.start
      )
      try kind.run(\.embedding, arguments, parts: 3)
      try kind.run(\.embedding_gradient, arguments, parts: 3)
      try kind.run(\.position_gradient, arguments, parts: 3)
      var wanted: [Double] = []
      var sums = [Double](repeating: accumulates ? 1 : 0, count: vocabulary * width)
      var places = [Double](repeating: accumulates ? 1 : 0, count: length * width)
      for (row, token) in tokens.enumerated() {
        let place = row % length + (hasKnown ? 3 : 0)
        for i in 0..<width {
          let position = hasPositions ? positions.doubles[place * width + i] : 0
          wanted.append(table.doubles[Int(token) * width + i] + position)
          sums[Int(token) * width + i] += dOut.doubles[row * width + i]
          places[row % length * width + i] += dOut.doubles[row * width + i]
        }
      }
      expectNear(out, wanted, "embedding of \(width)")
      expectNear(dTable, sums, "its gradient")
      expectNear(dPositions, places, "that of positions")
    }
  }

  @Test(arguments: KernelKind.all, [2, 10, 34])
  func rotationTurnsThereAndBack(kind: KernelKind, width: Int) throws {
    var source = RandomSource(seed: 11)
    let (rows, length, heads, half) = (6, 3, 2, width / 2)
    let cases: [(known: Integers?, rest: Int)] = [
      (nil, 0), (Integers([2]), 0), (Integers([2]), 3),
    ]
    for (known, rest) in cases {
      // What of a head is not turned stays.
      let whole = width + rest
      let row = heads * whole + 5
      let x = Numbers(random: rows * row, &source)
      let before = x.doubles
      // Any angles: the kernel is not told what they are.
      let turns = (0..<5 * half).map { _ in Double.random(in: -9...9, using: &source) }
      let angles = Numbers(
        (0..<5).flatMap { position in
          let some = turns[position * half..<(position + 1) * half]
          return some.map { Float(cos($0)) } + some.map { Float(sin($0)) }
        }
      )
      var arguments = ck_rotary(
        rows: Int32(rows),
        length: Int32(length),
        heads: Int32(heads),
        width: Int32(whole),
        parts: 4,
        turned: Int32(width),
        known: known?.read,
        x: x.start,
        row: row,
        angles: angles.read,
        sign: 1
      )
      try kind.run(\.rotary, arguments, parts: 4)
      var wanted = before
      for at in 0..<rows {
        for i in 0..<heads * half {
          let (head, pair) = (i / half, i % half)
          let turn = turns[(at % length + (known == nil ? 0 : 2)) * half + pair]
          let low = at * row + head * whole + pair
          wanted[low] = before[low] * cos(turn) - before[low + half] * sin(turn)
          wanted[low + half] = before[low + half] * cos(turn) + before[low] * sin(turn)
        }
      }
      expectNear(x, wanted, "turned")
      arguments.sign = -1
      try kind.run(\.rotary, arguments, parts: 4)
      expectNear(x, before, "turned back")
    }
  }

  @Test(arguments: KernelKind.all)
  func rowsAreCopiedBesideOthers(kind: KernelKind) throws {
    var source = RandomSource(seed: 13)
    let (from, to) = (Numbers(random: 5 * 9, &source), Numbers(random: 5 * 12, &source))
    let before = to.doubles
    let arguments = ck_copy(
      rows: 5,
      width: 7,
      parts: 2,
      from: from.read + 1,
      from_row: 9,
      to: to.start + 3,
      to_row: 12
    )
    try kind.run(\.copy, arguments, parts: 2)
    let wanted = (0..<60).map { place in
      let (row, column) = (place / 12, place % 12 - 3)
      return 0..<7 ~= column ? from.doubles[row * 9 + 1 + column] : before[place]
    }
    #expect(to.doubles == wanted)
  }

  @Test(arguments: KernelKind.all, widths)
  func gates(kind: KernelKind, width: Int) throws {
    var source = RandomSource(seed: 12)
    let (rows, row) = (5, width + 2)
    let (gate, up) = (
      Numbers(random: rows * row, &source, scale: 6), Numbers(random: rows * row, &source)
    )
    let (post, dPost) = (Numbers(count: rows * width), Numbers(random: rows * width, &source))
    let (dGate, dUp) = (
      Numbers(count: rows * row, filling: 0), Numbers(count: rows * row, filling: 0)
    )
    let arguments = ck_swiglu(
      rows: Int32(rows),
      width: Int32(width),
      parts: 2,
      gate: gate.read,
      up: up.read,
      row: row,
      post: post.start,
      d_post: dPost.read,
      d_gate: dGate.start,
      d_up: dUp.start
    )
    try kind.run(\.swiglu, arguments, parts: 2)
    try kind.run(\.swiglu_gradient, arguments, parts: 2)
    var wanted: [Double] = []
    var gradients = (
      gate: [Double](repeating: 0, count: rows * row), up: [Double](repeating: 0, count: rows * row)
    )
    for at in 0..<rows {
      for i in 0..<width {
        let (g, u) = (gate.doubles[at * row + i], up.doubles[at * row + i])
        let (s, d) = (1 / (1 + exp(-g)), dPost.doubles[at * width + i])
        wanted.append(g * s * u)
        gradients.gate[at * row + i] = d * u * (s + g * s * (1 - s))
        gradients.up[at * row + i] = d * g * s
      }
    }
    expectNear(post, wanted, "gate of \(width)")
    expectNear(dGate, gradients.gate, "gradient of the gate")
    expectNear(dUp, gradients.up, "gradient of what it lets through")
  }

  @Test(arguments: KernelKind.all, [2, 5, 17, 133])
  func lossesAndTheirGradients(kind: KernelKind, width: Int) throws {
    var source = RandomSource(seed: 13)
    let (row, ignored) = (width + 3, Int32(-100))
    let targets = Integers([0, ignored, Int32(width - 1), 1, ignored])
    let some: [Float] = [0.5, 9, 2, 0, 9]
    for (scale, weights) in [
      (nil, nil), (Numbers([0.25]), nil), (nil, Numbers(some)), (Numbers([0.25]), Numbers(some)),
    ] as [(Numbers?, Numbers?)] {
      let logits = Numbers(random: 5 * row, &source, scale: 20)
      let before = logits.doubles
      let losses = Numbers(count: 5)
      let arguments = ck_cross_entropy(
        rows: 5,
        width: Int32(width),
        parts: 2,
        logits: logits.start,
        row: row,
        targets: targets.read,
        ignored: ignored,
        losses: losses.start,
        scale: scale?.read,
        weights: weights?.read
      )
      try kind.run(\.cross_entropy, arguments, parts: 2)
      var (wanted, gradient) = ([Double](repeating: 0, count: 5), before)
      for at in 0..<5 {
        let target = targets.start[at]
        let exponentials = before[at * row..<at * row + width].map { exp($0) }
        let sum = exponentials.reduce(0, +)
        if target != ignored { wanted[at] = -log(exponentials[Int(target)] / sum) }
        guard scale != nil else { continue }
        for i in 0..<width {
          let share = exponentials[i] / sum - (i == Int(target) ? 1 : 0)
          let weight = 0.25 * (weights == nil ? 1 : Double(some[at]))
          gradient[at * row + i] = target == ignored ? 0 : weight * share
        }
      }
      expectNear(losses, wanted, "losses over \(width)")
      expectNear(logits, gradient, "their gradient")
      let (loss, weight) = (Numbers(count: 1), Numbers(count: 1))
      let mean = ck_mean_loss(
        rows: 5,
        ignored: ignored,
        targets: targets.read,
        losses: losses.read,
        weights: weights?.read,
        weight: weight.start,
        loss: loss.start,
        rounds: nil,
        accumulate: 0
      )
      try kind.run(\.mean_loss, mean)
      let each: [Double] = weights == nil ? [1, 0, 1, 1, 0] : some.map { Double($0) }
      let total = zip(each, wanted).map { $0 * $1 }.reduce(0.0, +)
      let whole = each[0] + each[2] + each[3]
      expectNear(loss, [total / whole], "their mean")
      expectNear(weight, [1 / whole], "what a unit of weight is in it")
    }
  }

  /// Rounds in which other numbers of targets count, and one in which none does.
  @Test(arguments: KernelKind.all)
  func theMeanOverRounds(kind: KernelKind) throws {
    let losses = Numbers([1, 2, 6])
    var rounds = ck_rounds(loss: .nan, targets: .nan, mean: .nan, count: .nan, share: .nan)
    let wanted: [(targets: [Int32], mean: Float, count: Float, share: Float)] = [
      ([-100, -100, -100], .nan, 0, 1), ([0, -100, -100], 1, 1, 1),
      ([-100, -100, -100], 1, 1, 1), ([0, 0, 0], 2.5, 4, 0.25),
    ]
    for (round, wanted) in wanted.enumerated() {
      let (targets, loss) = (Integers(wanted.targets), Numbers(count: 1))
      try withUnsafeMutablePointer(to: &rounds) { rounds in
        let mean = ck_mean_loss(
          rows: 3,
          ignored: -100,
          targets: targets.read,
          losses: losses.read,
          weights: nil,
          weight: nil,
          loss: loss.start,
          rounds: rounds,
          accumulate: round == 0 ? 0 : 1
        )
        try kind.run(\.mean_loss, mean)
      }
      #expect(rounds.mean == wanted.mean || rounds.mean.isNaN && wanted.mean.isNaN)
      #expect((rounds.count, rounds.share) == (wanted.count, wanted.share))
      #expect(loss.values[0].isNaN == !wanted.targets.contains(0))
    }
  }
}
