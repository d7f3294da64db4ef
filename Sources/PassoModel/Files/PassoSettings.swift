// SPDX-License-Identifier: MIT

import PassoFiles

/// The keys of a model that no other program has a place for, as Passo itself writes them.
///
/// `transformers` refuses the `model_type`, and the tensors have the names and shapes of the house
/// plan: nobody can take the weights for those of a model that computes something else.
package struct PassoSettings: FamilySettings {
  /// What `model_type` says of such a model.
  package static let modelType = "passo"

  private static let counts = [
    "vocab_size", "context", "layers", "heads", "kv_heads", "head_width", "width",
  ]
  private static let words = [
    "norm", "positions", "activation", "attention_bias", "attention_scale",
  ]

  package private(set) var notes: [ConfigNote] = []
  package private(set) var special = SpecialTokens()
  package private(set) var keys: Set<String> = []
  package let standardTokens = SpecialTokens()
  private var fixed = FixedSettings()
  private var sizes = ConfigSizes()
  private var said: [String: String] = [:]
  private var numbers: [String: Double] = [:]
  private var isTied = false
  private var hasBiases = true

  package init() {}

  package var unsupported: ConfigFault? { fixed.fault }

  package mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) {
    keys.insert(key)
    switch key {
    case "mlp": sizes.said[key] = try reader.integer()
    case _ where Self.counts.contains(key): sizes.said[key] = try reader.integer()
    case _ where Self.words.contains(key): said[key] = try reader.string()
    case "position_scale", "rope_theta", "norm_epsilon": numbers[key] = try reader.number()
    case "tied": isTied = try reader.boolean()
    case "biases": hasBiases = try reader.boolean()
    default:
      if try special.read(key, &reader) { return }
      if try !fixed.read(key, &reader) { try reader.skip() }
    }
  }

  package func expectSizes() throws(JSONFault) {
    try sizes.expect(Self.counts + ["mlp"])
    for key in Self.words where said[key] == nil { throw .missing(path: key) }
  }

  package func configuration() throws(ConfigFault) -> ModelConfiguration {
    let (heads, keyHeads) = (try sizes.size("heads"), try sizes.size("kv_heads"))
    guard heads.isMultiple(of: keyHeads) else {
      throw .multiple(key: "heads", of: "kv_heads", found: [heads, keyHeads])
    }
    var model = ModelConfiguration(
      vocabularySize: try sizes.size("vocab_size"),
      contextLength: try sizes.size("context"),
      width: try sizes.size("width"),
      layerCount: try sizes.size("layers"),
      headCount: heads,
      mlpWidth: sizes.said["mlp"] == 0 ? 0 : try sizes.size("mlp"),
      normEpsilon: numbers["norm_epsilon"] ?? 1e-5,
      isTied: isTied
    )
    guard model.normEpsilon > 0, model.normEpsilon < 1 else { throw .epsilon(model.normEpsilon) }
    (model.keyHeadCount, model.headWidth) = (keyHeads, try sizes.size("head_width"))
    model.norm = try one("norm")
    let activation: ActivationKind = try one("activation")
    model.activation = activation.activation
    model.attentionBias = try one("attention_bias")
    model.attentionScale = try one("attention_scale")
    model.positions = try positions(headWidth: model.headWidth)
    model.hasBiases = hasBiases
    try ConfigSizes.check(parameterCount: model.estimatedParameterCount)
    return model
  }

  /// One of the words of a setting.
  private func one<Setting: RawRepresentable & CaseIterable>(
    _ key: String
  ) throws(ConfigFault) -> Setting where Setting.RawValue == String {
    let found = said[key] ?? ""
    guard let setting = Setting(rawValue: found) else {
      let needed = Setting.allCases.map(\.rawValue).joined(separator: "|")
      throw .unsupported(key: key, needed: needed, found: found)
    }
    return setting
  }

  private func positions(headWidth: Int) throws(ConfigFault) -> ModelConfiguration.Positions {
    let kind: PositionKind = try one("positions")
    let scale = numbers["position_scale"] ?? 1
    guard scale.isFinite else {
      throw .unsupported(key: "position_scale", needed: "1", found: "\(scale)")
    }
    guard kind == .rotary else { return kind.positions(scale: scale) }
    guard headWidth.isMultiple(of: 2) else {
      throw .multiple(key: "head_width", of: "2", found: [headWidth, 2])
    }
    let base = numbers["rope_theta"] ?? PositionKind.rotaryBase
    guard base > 0, base.isFinite else { throw .ropeBase(base) }
    return .rotary(base: base)
  }

  /// What `config.json` says of a model, but for its special tokens.
  static func members(of model: ModelConfiguration) -> [(key: String, value: String)] {
    func word(_ text: String) -> String { JSONText.string(text) }
    let kind = PositionKind(model.positions)
    var members = [
      ("architectures", #"["PassoForCausalLM"]"#),
      ("model_type", word(modelType)),
      ("vocab_size", "\(model.vocabularySize)"),
      ("context", "\(model.contextLength)"),
      ("layers", "\(model.layerCount)"),
      ("heads", "\(model.headCount)"),
      ("kv_heads", "\(model.keyHeadCount)"),
      ("head_width", "\(model.headWidth)"),
      ("width", "\(model.width)"),
      ("mlp", "\(model.mlpWidth)"),
      ("norm", word(model.norm.rawValue)),
      ("norm_epsilon", "\(model.normEpsilon)"),
      ("activation", word(ActivationKind(model.activation).rawValue)),
      ("attention_bias", word(model.attentionBias.rawValue)),
      ("attention_scale", word(model.attentionScale.rawValue)),
      ("biases", "\(model.hasBiases)"),
      ("tied", "\(model.isTied)"),
      ("positions", word(kind.rawValue)),
    ]
    switch model.positions {
    case .sinusoidal(let scale): members.append(("position_scale", "\(scale)"))
    case .rotary(let angles): members.append(("rope_theta", "\(angles.base)"))
    case .learned, .none: break
    }
    return members
  }
}
