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
  package let parts: [String]

  /// Whether the file holds the transposed matrix.
  package let isTransposed: Bool

  private var rows: Int { shape.count == 1 ? 1 : shape[0] }
  private var columns: Int { shape.last ?? 1 }

  /// Our parameters, from the tensor of the file.
  package func unpack<T>(_ packed: [T]) -> [(name: String, numbers: [T])] {
    if isTransposed { return [(parts[0], transposed(packed, rows: rows, columns: columns))] }
    let width = columns / parts.count
    return parts.enumerated().map { index, part in
      var numbers: [T] = []
      numbers.reserveCapacity(rows * width)
      for row in 0..<rows {
        let start = row * columns + index * width
        numbers += packed[start..<start + width]
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
    var result: [T] = []
    result.reserveCapacity(matrix.count)
    for column in 0..<columns {
      for row in 0..<rows { result.append(matrix[row * columns + column]) }
    }
    return result
  }
}

extension ModelConfiguration {
  /// The tensors of a GPT-2 folder in Hugging Face layout.
  package var packedTensors: [PackedTensor] {
    var tensors = [
      packed("transformer.wte.weight", [vocabularySize, width], ["W_E"]),
      packed("transformer.wpe.weight", [contextLength, width], ["W_pos"]),
    ]
    for block in 0..<layerCount {
      tensors += blockTensors("transformer.h.\(block)", "blocks.\(block)")
    }
    tensors += normTensors("transformer.ln_f", "ln_final")
    if !isTied {
      tensors.append(
        PackedTensor(
          name: "lm_head.weight",
          shape: [vocabularySize, width],
          parts: ["W_U"],
          isTransposed: true
        )
      )
    }
    return tensors
  }

  private func packed(_ name: String, _ shape: [Int], _ parts: [String]) -> PackedTensor {
    PackedTensor(name: name, shape: shape, parts: parts, isTransposed: false)
  }

  private func normTensors(_ theirs: String, _ ours: String) -> [PackedTensor] {
    [
      packed("\(theirs).weight", [width], ["\(ours).gain"]),
      packed("\(theirs).bias", [width], ["\(ours).bias"]),
    ]
  }

  private func blockTensors(_ theirs: String, _ ours: String) -> [PackedTensor] {
    let attention = "\(ours).attn"
    let mlp = "\(ours).mlp"
    return normTensors("\(theirs).ln_1", "\(ours).ln1") + [
      packed(
        "\(theirs).attn.c_attn.weight",
        [width, 3 * width],
        ["\(attention).W_Q", "\(attention).W_K", "\(attention).W_V"]
      ),
      packed(
        "\(theirs).attn.c_attn.bias",
        [3 * width],
        ["\(attention).b_Q", "\(attention).b_K", "\(attention).b_V"]
      ),
      packed("\(theirs).attn.c_proj.weight", [width, width], ["\(attention).W_O"]),
      packed("\(theirs).attn.c_proj.bias", [width], ["\(attention).b_O"]),
    ] + normTensors("\(theirs).ln_2", "\(ours).ln2") + [
      packed("\(theirs).mlp.c_fc.weight", [width, mlpWidth], ["\(mlp).W_in"]),
      packed("\(theirs).mlp.c_fc.bias", [mlpWidth], ["\(mlp).b_in"]),
      packed("\(theirs).mlp.c_proj.weight", [mlpWidth, width], ["\(mlp).W_out"]),
      packed("\(theirs).mlp.c_proj.bias", [width], ["\(mlp).b_out"]),
    ]
  }
}
