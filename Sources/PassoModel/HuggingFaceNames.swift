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

/// How the tensors of a folder are called: the names of Hugging Face, without the prefix of the
/// inner model where only that was saved, and with one of a wrapper where one was around it.
struct TensorNames {
  /// The unembedding.
  static let head = "lm_head.weight"

  /// The embedding.
  let embedding: String

  /// What a wrapper has put before all names, as `torch.compile` its `_orig_mod.`.
  let wrapper: String

  private let inner: String
  private let isBare: Bool

  /// Looks which of the possible names are there.
  init(_ found: [String], in configuration: ModelConfiguration) {
    let isLearned = configuration.positions == .learned
    inner = isLearned ? "transformer." : "model."
    embedding = inner + (isLearned ? "wte.weight" : "embed_tokens.weight")
    // One of these is there in every model, also where the embedding is stored as the head.
    let marks =
      isLearned
      ? ["wte.weight", "h.0.ln_1.weight"]
      : ["embed_tokens.weight", "layers.0.input_layernorm.weight"]
    let before =
      marks.lazy.compactMap { mark in
        found.first { $0 == mark || $0.hasSuffix("." + mark) }.map { $0.dropLast(mark.count) }
      }.first ?? ""
    // Prefixes of both kinds: `model.` is a wrapper only where another `model.` follows.
    isBare = !before.hasSuffix(inner)
    let outer = String(isBare ? before : before.dropLast(inner.count))
    wrapper = found.allSatisfy { $0.hasPrefix(outer) } ? outer : ""
  }

  /// The name in the files of a tensor of Hugging Face's whole model.
  func inFile(_ name: String) -> String {
    guard isBare, name.hasPrefix(inner) else { return wrapper + name }
    return wrapper + name.dropFirst(inner.count)
  }
}

extension ModelConfiguration {
  /// The tensors of a folder in Hugging Face layout.
  package var packedTensors: [PackedTensor] {
    positions == .learned ? gpt2Tensors : llamaTensors
  }

  private func packed(_ name: String, _ shape: [Int], _ parts: [String]) -> PackedTensor {
    PackedTensor(name: name, shape: shape, parts: parts, isTransposed: false)
  }

  /// A matrix that the file holds as [outputs, inputs].
  private func transposed(
    _ name: String,
    _ outputs: Int,
    _ inputs: Int,
    _ part: String
  ) -> PackedTensor {
    PackedTensor(name: name, shape: [outputs, inputs], parts: [part], isTransposed: true)
  }

  private var headTensors: [PackedTensor] {
    isTied ? [] : [transposed("lm_head.weight", vocabularySize, width, "W_U")]
  }
}

// MARK: - GPT-2

extension ModelConfiguration {
  private var gpt2Tensors: [PackedTensor] {
    var tensors = [
      packed("transformer.wte.weight", [vocabularySize, width], ["W_E"]),
      packed("transformer.wpe.weight", [contextLength, width], ["W_pos"]),
    ]
    for block in 0..<layerCount {
      tensors += gpt2Block("transformer.h.\(block)", "blocks.\(block)")
    }
    return tensors + gpt2Norm("transformer.ln_f", "ln_final") + headTensors
  }

  private func gpt2Norm(_ theirs: String, _ ours: String) -> [PackedTensor] {
    [
      packed("\(theirs).weight", [width], ["\(ours).gain"]),
      packed("\(theirs).bias", [width], ["\(ours).bias"]),
    ]
  }

  private func gpt2Block(_ theirs: String, _ ours: String) -> [PackedTensor] {
    let attention = "\(ours).attn"
    let mlp = "\(ours).mlp"
    let inputs = ["Q", "K", "V"]
    return gpt2Norm("\(theirs).ln_1", "\(ours).ln1") + [
      packed(
        "\(theirs).attn.c_attn.weight",
        [width, 3 * width],
        inputs.map { "\(attention).W_\($0)" }
      ),
      packed(
        "\(theirs).attn.c_attn.bias",
        [3 * width],
        inputs.map { "\(attention).b_\($0)" }
      ),
      packed("\(theirs).attn.c_proj.weight", [width, width], ["\(attention).W_O"]),
      packed("\(theirs).attn.c_proj.bias", [width], ["\(attention).b_O"]),
    ] + gpt2Norm("\(theirs).ln_2", "\(ours).ln2") + [
      packed("\(theirs).mlp.c_fc.weight", [width, mlpWidth], ["\(mlp).W_in"]),
      packed("\(theirs).mlp.c_fc.bias", [mlpWidth], ["\(mlp).b_in"]),
      packed("\(theirs).mlp.c_proj.weight", [mlpWidth, width], ["\(mlp).W_out"]),
      packed("\(theirs).mlp.c_proj.bias", [width], ["\(mlp).b_out"]),
    ]
  }
}

// MARK: - Llama

extension ModelConfiguration {
  private var llamaTensors: [PackedTensor] {
    var tensors = [packed("model.embed_tokens.weight", [vocabularySize, width], ["W_E"])]
    for block in 0..<layerCount {
      tensors += llamaBlock("model.layers.\(block)", "blocks.\(block)")
    }
    return tensors + [packed("model.norm.weight", [width], ["ln_final.gain"])] + headTensors
  }

  private func llamaBlock(_ theirs: String, _ ours: String) -> [PackedTensor] {
    let (attention, mlp) = ("\(theirs).self_attn", "\(theirs).mlp")
    var tensors = [packed("\(theirs).input_layernorm.weight", [width], ["\(ours).ln1.gain"])]
    for (letter, heads) in [("q", headCount), ("k", keyHeadCount), ("v", keyHeadCount)] {
      let (ourLetter, size) = (letter.uppercased(), heads * headWidth)
      tensors.append(
        transposed(
          "\(attention).\(letter)_proj.weight",
          size,
          width,
          "\(ours).attn.W_\(ourLetter)"
        )
      )
      guard attentionBias != .none else { continue }
      tensors.append(
        packed("\(attention).\(letter)_proj.bias", [size], ["\(ours).attn.b_\(ourLetter)"])
      )
    }
    tensors.append(
      transposed(
        "\(attention).o_proj.weight",
        width,
        headCount * headWidth,
        "\(ours).attn.W_O"
      )
    )
    if attentionBias == .all {
      tensors.append(packed("\(attention).o_proj.bias", [width], ["\(ours).attn.b_O"]))
    }
    return tensors + [
      packed("\(theirs).post_attention_layernorm.weight", [width], ["\(ours).ln2.gain"]),
      transposed("\(mlp).gate_proj.weight", mlpWidth, width, "\(ours).mlp.W_gate"),
      transposed("\(mlp).up_proj.weight", mlpWidth, width, "\(ours).mlp.W_up"),
      transposed("\(mlp).down_proj.weight", width, mlpWidth, "\(ours).mlp.W_down"),
    ]
  }
}
