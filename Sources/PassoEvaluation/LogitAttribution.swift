// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel

/// A logit as the sum of what each part of the model has put into the residual stream.
///
/// The stream is a sum of vectors: of embeddings, of what each head and each MLP adds. The last
/// norm divides that sum by one number, and the unembedding is linear, so that each vector has its
/// share of every logit, and the shares add up to it.
/// Source: Elhage et al. 2021, A Mathematical Framework for Transformer Circuits.
package struct LogitAttribution {
  /// What has put something into the stream.
  package enum Part: Hashable, Sendable {
    case embedding
    case position
    case head(HeadAddress)
    /// The biases of the output of a block's attention.
    case attentionBias(Int)
    case mlp(Int)
    /// What dropout has changed, or a person with `:set`.
    case rest
    /// The bias of the last norm.
    case lastBias
  }

  /// Where a logit stands, and what it is of.
  package struct Place: Hashable, Sendable {
    package let row: Int
    package let position: Int
    package let token: Int

    /// Another token whose logit is taken off, so that the difference of the two is divided.
    package let other: Int?

    package init(row: Int, position: Int, token: Int, other: Int? = nil) {
      (self.row, self.position, self.token, self.other) = (row, position, token, other)
    }
  }

  /// The shares, in the order in which the stream gets them.
  package private(set) var shares: [(part: Part, share: Double)] = []

  /// The logit as the pass has computed it, or the difference.
  package let logit: Double

  private let configuration: ModelConfiguration
  private let place: Place
  private let value: (ValueName) throws -> Tensor?

  /// The share of a logit in a vector of the stream, for each of its components.
  private let weights: [Double]

  /// Divides a logit.
  ///
  /// - Parameters:
  ///   - place: Which one.
  ///   - configuration: The model.
  ///   - value: A value of a pass; nil for one that the program lacks.
  /// - Throws: What `value` throws, as for one that is not computed yet.
  package init(
    of place: Place,
    _ configuration: ModelConfiguration,
    value: @escaping (ValueName) throws -> Tensor?
  ) throws {
    (self.place, self.configuration, self.value) = (place, configuration, value)
    let layers = configuration.layerCount
    let last: ValueName =
      layers > 0 ? .block(layers - 1, .residual(.after)) : .model(.residual)
    let logits = try value(.model(.logits))
    let stream = Self.vector(try value(last), place)
    let unembedding = try value(.model(.unembedding))
    let direction = stream.indices.map {
      configuration.logitFactor * Self.direction(unembedding, place, $0)
    }
    logit = Self.logit(logits, place)
    weights = Self.weights(
      of: stream,
      along: direction,
      gain: try value(.finalNorm(.gain)),
      configuration
    )
    try divide(stream)
    if let bias = try value(.finalNorm(.bias)) {
      shares.append((.lastBias, zip(bias.doubles, direction).reduce(0) { $0 + $1.0 * $1.1 }))
    }
  }

  /// What the shares come to.
  package var sum: Double { shares.reduce(0) { $0 + $1.share } }

  // MARK: Parts

  private mutating func divide(_ stream: [Double]) throws {
    var rest = stream
    func take(_ part: Part, _ vector: [Double]) {
      for i in rest.indices { rest[i] -= vector[i] }
      shares.append((part, share(of: vector)))
    }
    let embedding = try value(.model(.embedScaled)) ?? value(.model(.embed))
    take(.embedding, Self.vector(embedding, place))
    if let positions = try value(.model(.positionEmbed)) {
      let start = place.position * configuration.width
      take(.position, (0..<configuration.width).map { positions[start + $0] })
    }
    for block in 0..<configuration.layerCount {
      let attention = Self.vector(try value(.block(block, .attention(.out))), place)
      let toStream = try factors(attention, { .block(block, .firstPostNorm($0)) })
      func added(_ vector: [Double]) -> [Double] { zip(vector, toStream).map { $0 * $1 } }
      for (head, vector) in try heads(of: block).enumerated() {
        take(.head(HeadAddress(block: block, head: head)), added(vector))
      }
      if let bias = try value(.block(block, .attention(.biasO))) {
        take(.attentionBias(block), added(bias.doubles))
      }
      if let out = try value(.block(block, .mlp(.out))) {
        let vector = Self.vector(out, place)
        let toStream = try factors(vector, { .block(block, .secondPostNorm($0)) })
        take(.mlp(block), zip(vector, toStream).map { $0 * $1 })
      }
    }
    // Rounding is no part of the model.
    let size = stream.reduce(0) { max($0, abs($1)) }
    if rest.contains(where: { abs($0) > 1e-5 * max(size, 1e-3) }) {
      shares.append((.rest, share(of: rest)))
    }
  }

  /// By what each component of what attention or MLP has given is multiplied on its way to the
  /// stream: a norm that stands there divides by one number, and has a gain.
  private func factors(
    _ vector: [Double],
    _ norm: (NormPart) -> ValueName
  ) throws -> [Double] {
    let all = vector.map { _ in configuration.residualFactor }
    guard let gain = try value(norm(.gain)), !vector.isEmpty else { return all }
    let mean = vector.reduce(0) { $0 + $1 * $1 } / Double(vector.count)
    let inverse = 1 / (mean + configuration.normEpsilon).squareRoot()
    return all.indices.map { all[$0] * gain[$0] * inverse }
  }

  /// What each head of a block gives.
  private func heads(of block: Int) throws -> [[Double]] {
    func name(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    guard let z = try value(name(.zAblated)) ?? value(name(.z)),
      let weights = try value(name(.weightO))
    else { return [] }
    let (count, size, width) = (
      configuration.headCount, configuration.headWidth, configuration.width
    )
    let first = (place.row * z.shape.sizes[1] + place.position) * count * size
    return (0..<count).map { head in
      (0..<width).map { column in
        (0..<size).reduce(0) { sum, i in
          let index = head * size + i
          return sum + z[first + index] * weights[index * width + column]
        }
      }
    }
  }

  private func share(of vector: [Double]) -> Double {
    let mean = configuration.norm == .layer ? vector.reduce(0, +) / Double(vector.count) : 0
    return zip(vector, weights).reduce(0) { $0 + ($1.0 - mean) * $1.1 }
  }

  // MARK: Values

  /// The row of a value at the place.
  private static func vector(_ value: Tensor?, _ place: Place) -> [Double] {
    guard let value else { return [] }
    let width = value.shape.lastSize
    let start = (place.row * value.shape.sizes[1] + place.position) * width
    return (0..<width).map { value[start + $0] }
  }

  private static func logit(_ logits: Tensor?, _ place: Place) -> Double {
    let row = vector(logits, place)
    return row[place.token] - (place.other.map { row[$0] } ?? 0)
  }

  private static func direction(_ unembedding: Tensor?, _ place: Place, _ row: Int) -> Double {
    guard let unembedding else { return 0 }
    let start = row * unembedding.shape.lastSize
    return unembedding[start + place.token] - (place.other.map { unembedding[start + $0] } ?? 0)
  }

  /// What the last norm makes of the unembedding: it divides by one number that all parts share.
  private static func weights(
    of stream: [Double],
    along direction: [Double],
    gain: Tensor?,
    _ configuration: ModelConfiguration
  ) -> [Double] {
    guard let gain else { return direction }
    let count = Double(stream.count)
    let mean = configuration.norm == .layer ? stream.reduce(0, +) / count : 0
    let variance = stream.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let inverse = 1 / (variance + configuration.normEpsilon).squareRoot()
    return direction.indices.map { direction[$0] * gain[$0] * inverse }
  }
}
