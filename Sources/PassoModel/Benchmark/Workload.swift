// SPDX-License-Identifier: MIT

import PassoEngine

/// A training step of a size that other engines are measured with too.
///
/// GPT-2 in shape: pre-norm, biases, learned positions, tied unembedding.
package enum Workload: String, CaseIterable, Sendable {
  /// A lesson.
  case w1 = "W1"
  /// A classroom.
  case w2 = "W2"
  /// nanoGPT's character model for processors.
  case w3 = "W3"
  /// nanoGPT's character model for graphics cards.
  case w4 = "W4"
  /// GPT-2 with 124 million parameters.
  case w5 = "W5"

  /// The model.
  package var configuration: ModelConfiguration {
    let (vocabulary, context, layers, width, heads) =
      switch self {
      case .w1: (6, 5, 1, 16, 2)
      case .w2: (512, 32, 2, 64, 4)
      case .w3: (65, 64, 4, 128, 4)
      case .w4: (65, 256, 6, 384, 6)
      case .w5: (50_257, 1024, 12, 768, 12)
      }
    return ModelConfiguration(
      vocabularySize: vocabulary,
      contextLength: context,
      width: width,
      layerCount: layers,
      headCount: heads,
      isTied: true
    )
  }

  /// What one step learns from.
  package var batch: BatchShape {
    switch self {
    case .w1: BatchShape(rows: 1, length: 5)
    case .w2: BatchShape(rows: 16, length: 32)
    case .w3: BatchShape(rows: 12, length: 64)
    case .w4: BatchShape(rows: 8, length: 256)
    case .w5: BatchShape(rows: 4, length: 64)
    }
  }

  /// Tokens of the prompt, and tokens that are made after it.
  package var generation: (prompt: Int, new: Int) {
    switch self {
    case .w1: (2, 3)
    case .w2: (8, 24)
    case .w3, .w4: (16, 128)
    case .w5: (16, 64)
    }
  }

  /// Rows of numbers as good as random.
  ///
  /// The generator of ANSI C's example `rand`; every engine that is compared makes the same.
  package var tokens: TokenBatch {
    var state: UInt32 = 12_345
    func next() -> Int32 {
      state = (state &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
      return Int32(Int(state >> 16) % configuration.vocabularySize)
    }
    var (inputs, targets): ([Int32], [Int32]) = ([], [])
    for _ in 0..<batch.rows {
      let row = (0...batch.length).map { _ in next() }
      inputs += row.dropLast()
      targets += row.dropFirst()
    }
    return TokenBatch(inputs: inputs, targets: targets)
  }
}
