// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles

/// How a family of models is kept in files: what `config.json` says, and how tensors are called.
///
/// A family is one type in this folder, and a line in `ModelFamily.format`.
protocol ModelFormat: Sendable {
  /// What `model_type` says of it.
  var modelType: String { get }

  /// What reads its `config.json`.
  var settings: any FamilySettings { get }

  /// What `config.json` says of a model, but for its special tokens.
  func members(of model: ModelConfiguration) -> [ConfigMember]

  /// The tensors of a model, in the order in which they are written.
  func tensors(of model: ModelConfiguration) -> [PackedTensor]

  /// What the names of the tensors of the inner model begin with.
  var inner: String { get }

  /// The embedding, without that beginning.
  var embedding: String { get }

  /// The unembedding, where it is a matrix of its own.
  var head: String { get }

  /// A tensor that each block has, without the beginning.
  func firstTensor(ofBlock block: Int) -> String
}

/// A line of a `config.json`: the value as JSON.
typealias ConfigMember = (key: String, value: String)

extension ModelFamily {
  /// How the files of each family look.
  var format: any ModelFormat {
    switch self {
    case .gpt2: GPT2Format()
    case .llama: LlamaFormat()
    case .qwen2: Qwen2Format()
    case .mistral: MistralFormat()
    case .qwen3: Qwen3Format()
    case .phi3: Phi3Format()
    case .smollm3: SmolLM3Format()
    case .olmo2: OLMo2Format()
    case .granite: GraniteFormat()
    case .gemma: GemmaFormat()
    case .gemma2: Gemma2Format()
    case .gemma3: Gemma3Format()
    case .gptNeo: GPTNeoFormat()
    case .gptNeoX: GPTNeoXFormat()
    }
  }
}

extension ModelConfiguration {
  /// How the files of such a model look.
  var format: any ModelFormat {
    switch layout {
    case .passo: PassoFormat()
    case .family(let family): family.format
    }
  }
}

// MARK: - Tensors that look alike in several families

extension ModelFormat {
  /// The gain of a norm, and its bias if it has one.
  func norm(
    _ theirs: String,
    _ model: ModelConfiguration,
    _ ours: (NormPart) -> ValueName
  ) -> [PackedTensor] {
    let gain = PackedTensor("\(theirs).weight", [model.width], [ours(.gain)])
    guard model.norm == .layer, model.hasBiases else { return [gain] }
    return [gain, PackedTensor("\(theirs).bias", [model.width], [ours(.bias)])]
  }

  /// A layer of `nn.Linear`: [outputs, inputs], and its bias if it has one.
  func linear(
    _ theirs: String,
    _ inputs: Int,
    _ outputs: Int,
    _ weight: ValueName,
    bias: ValueName? = nil
  ) -> [PackedTensor] {
    [PackedTensor("\(theirs).weight", inputs: inputs, [(weight, outputs)])]
      + (bias.map { [PackedTensor("\(theirs).bias", [outputs], [$0])] } ?? [])
  }

  /// The unembedding, where it is a matrix of its own.
  func headTensors(of model: ModelConfiguration) -> [PackedTensor] {
    guard !model.isTied else { return [] }
    let part = (name: ValueName.model(.unembedding), outputs: model.vocabularySize)
    return [PackedTensor(head, inputs: model.width, [part])]
  }

  /// The embedding.
  func embeddingTensor(of model: ModelConfiguration) -> PackedTensor {
    PackedTensor(
      inner + embedding,
      [model.vocabularySize, model.width],
      [.model(.embedding)]
    )
  }

  /// The learned positions, as in GPT-2.
  func positionTensor(of model: ModelConfiguration) -> PackedTensor {
    PackedTensor(inner + "wpe.weight", [model.contextLength, model.width], [.model(.positions)])
  }
}

extension ModelConfiguration {
  /// The outputs of queries, and of keys or values.
  var queryWidth: Int { headCount * headWidth }
  var keyWidth: Int { keyHeadCount * headWidth }

  /// Whether queries, keys and values have biases, and whether the output of attention has one.
  var hasInputBias: Bool { attentionBias == .all || attentionBias == .input }
  var hasOutputBias: Bool { attentionBias == .all || attentionBias == .output }
}
