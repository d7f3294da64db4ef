// SPDX-License-Identifier: MIT

import PassoEngine

/// One tensor of a model folder, and the parameters of ours that are packed in it side by side.
///
/// Hugging Face's GPT-2 keeps queries, keys and values in one matrix; the names of the house plan
/// are views of it.
package struct PackedTensor: Sendable {
  /// The name in `model.safetensors`.
  package let name: String

  /// The shape in `model.safetensors`.
  package let shape: [Int]

  /// Our parameters, each a run of columns, from the left.
  package let parts: [ValueName]

  /// Whether the file holds the transposed matrix.
  package let isTransposed: Bool

  private var rows: Int { shape.dropLast().reduce(1, *) }
  private var columns: Int { shape.last ?? 1 }

  /// Our parameters, from the tensor of the file.
  package func unpack<T>(_ packed: [T]) -> [(name: ValueName, numbers: [T])] {
    if isTransposed { return [(parts[0], transposed(packed, rows: rows, columns: columns))] }
    guard parts.count > 1 else { return [(parts[0], packed)] }
    let width = columns / parts.count
    return parts.enumerated().map { index, part in
      let numbers = [T](unsafeUninitializedCapacity: rows * width) { buffer, filled in
        for row in 0..<rows {
          let start = row * columns + index * width
          let target = UnsafeMutableBufferPointer(rebasing: buffer[filled..<filled + width])
          filled += target.initialize(fromContentsOf: packed[start..<start + width])
        }
      }
      return (part, numbers)
    }
  }

  /// The tensor of the file, from our parameters in the order of `parts`.
  package func pack<T>(_ values: [[T]]) -> [T] {
    if isTransposed { return transposed(values[0], rows: columns, columns: rows) }
    let width = columns / parts.count
    var packed: [T] = []
    packed.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for numbers in values { packed += numbers[row * width..<(row + 1) * width] }
    }
    return packed
  }

  private func transposed<T>(_ matrix: [T], rows: Int, columns: Int) -> [T] {
    [T](unsafeUninitializedCapacity: matrix.count) { buffer, filled in
      filled = matrix.count
      matrix.withUnsafeBufferPointer { source in
        // By squares that stay in the cache: a column at a time would miss it at every element.
        let edge = 32
        for top in stride(from: 0, to: rows, by: edge) {
          for left in stride(from: 0, to: columns, by: edge) {
            for row in top..<min(top + edge, rows) {
              for column in left..<min(left + edge, columns) {
                buffer.initializeElement(
                  at: column * rows + row,
                  to: source[row * columns + column]
                )
              }
            }
          }
        }
      }
    }
  }
}

extension ModelConfiguration {
  /// The tensors of a folder, in its layout.
  package var packedTensors: [PackedTensor] {
    switch layout {
    case .gpt2: gpt2Tensors
    case .llama: llamaTensors
    case .passo: parameterSpecs.map { packed("\($0.name)", $0.shape.sizes, [$0.name]) }
    }
  }

  private func packed(_ name: String, _ shape: [Int], _ parts: [ValueName]) -> PackedTensor {
    PackedTensor(name: name, shape: shape, parts: parts, isTransposed: false)
  }

  /// A matrix that the file holds as [outputs, inputs].
  private func transposed(
    _ name: String,
    _ outputs: Int,
    _ inputs: Int,
    _ part: ValueName
  ) -> PackedTensor {
    PackedTensor(name: name, shape: [outputs, inputs], parts: [part], isTransposed: true)
  }

  private var headTensors: [PackedTensor] {
    isTied ? [] : [transposed("lm_head.weight", vocabularySize, width, .model(.unembedding))]
  }
}

// MARK: - GPT-2

extension ModelConfiguration {
  private var gpt2Tensors: [PackedTensor] {
    var tensors = [
      packed("transformer.wte.weight", [vocabularySize, width], [.model(.embedding)]),
      packed("transformer.wpe.weight", [contextLength, width], [.model(.positions)]),
    ]
    for block in 0..<layerCount {
      tensors += gpt2Block("transformer.h.\(block)", block)
    }
    return tensors + gpt2Norm("transformer.ln_f", ValueName.finalNorm) + headTensors
  }

  private func gpt2Norm(
    _ theirs: String,
    _ ours: (NormPart) -> ValueName
  ) -> [PackedTensor] {
    [
      packed("\(theirs).weight", [width], [ours(.gain)]),
      packed("\(theirs).bias", [width], [ours(.bias)]),
    ]
  }

  private func gpt2Block(_ theirs: String, _ block: Int) -> [PackedTensor] {
    func attention(_ parts: AttentionPart...) -> [ValueName] {
      parts.map { .block(block, .attention($0)) }
    }
    func mlp(_ part: MLPPart) -> [ValueName] { [.block(block, .mlp(part))] }
    return gpt2Norm("\(theirs).ln_1", { .block(block, .firstNorm($0)) }) + [
      packed(
        "\(theirs).attn.c_attn.weight",
        [width, 3 * width],
        attention(.weightQ, .weightK, .weightV)
      ),
      packed(
        "\(theirs).attn.c_attn.bias",
        [3 * width],
        attention(.biasQ, .biasK, .biasV)
      ),
      packed("\(theirs).attn.c_proj.weight", [width, width], attention(.weightO)),
      packed("\(theirs).attn.c_proj.bias", [width], attention(.biasO)),
    ] + gpt2Norm("\(theirs).ln_2", { .block(block, .secondNorm($0)) }) + [
      packed("\(theirs).mlp.c_fc.weight", [width, mlpWidth], mlp(.weightIn)),
      packed("\(theirs).mlp.c_fc.bias", [mlpWidth], mlp(.biasIn)),
      packed("\(theirs).mlp.c_proj.weight", [mlpWidth, width], mlp(.weightOut)),
      packed("\(theirs).mlp.c_proj.bias", [width], mlp(.biasOut)),
    ]
  }
}

// MARK: - Llama

extension ModelConfiguration {
  private var llamaTensors: [PackedTensor] {
    var tensors = [
      packed("model.embed_tokens.weight", [vocabularySize, width], [.model(.embedding)])
    ]
    for block in 0..<layerCount {
      tensors += llamaBlock("model.layers.\(block)", block)
    }
    return tensors + [packed("model.norm.weight", [width], [.finalNorm(.gain)])] + headTensors
  }

  private func llamaBlock(_ theirs: String, _ block: Int) -> [PackedTensor] {
    let norm = packed(
      "\(theirs).input_layernorm.weight",
      [width],
      [.block(block, .firstNorm(.gain))]
    )
    return [norm] + llamaAttention("\(theirs).self_attn", block) + llamaMLP(theirs, block)
  }

  private func llamaAttention(_ theirs: String, _ block: Int) -> [PackedTensor] {
    func ours(_ part: AttentionPart) -> ValueName { .block(block, .attention(part)) }
    let inputs: [(letter: String, weight: AttentionPart, bias: AttentionPart, heads: Int)] = [
      ("q", .weightQ, .biasQ, headCount), ("k", .weightK, .biasK, keyHeadCount),
      ("v", .weightV, .biasV, keyHeadCount),
    ]
    var tensors: [PackedTensor] = []
    for input in inputs {
      let (name, size) = ("\(theirs).\(input.letter)_proj", input.heads * headWidth)
      tensors.append(transposed("\(name).weight", size, width, ours(input.weight)))
      guard attentionBias != .none else { continue }
      tensors.append(packed("\(name).bias", [size], [ours(input.bias)]))
    }
    let size = headCount * headWidth
    tensors.append(transposed("\(theirs).o_proj.weight", width, size, ours(.weightO)))
    guard attentionBias == .all else { return tensors }
    return tensors + [packed("\(theirs).o_proj.bias", [width], [ours(.biasO)])]
  }

  private func llamaMLP(_ theirs: String, _ block: Int) -> [PackedTensor] {
    func ours(_ part: MLPPart) -> ValueName { .block(block, .mlp(part)) }
    let norm = ValueName.block(block, .secondNorm(.gain))
    return [
      packed("\(theirs).post_attention_layernorm.weight", [width], [norm]),
      transposed("\(theirs).mlp.gate_proj.weight", mlpWidth, width, ours(.weightGate)),
      transposed("\(theirs).mlp.up_proj.weight", mlpWidth, width, ours(.weightUp)),
      transposed("\(theirs).mlp.down_proj.weight", width, mlpWidth, ours(.weightDown)),
    ]
  }
}
