// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import PassoText

/// What a `config.json` says of a model, whatever its family.
package struct ModelDescription: Hashable, Sendable {
  /// More than any honest configuration has.
  static let largestFile = 256 << 20

  /// The sizes and parts.
  package var configuration: ModelConfiguration

  /// The tokens that begin and end a text.
  package var special: SpecialTokens

  /// What is good to know of it.
  package var notes: [ConfigNote]

  /// How the weights of its folder are stored: F32, or F16 or BF16 if all are.
  package var storage = StorageType.f32

  /// The files beside `config.json` and the weights that belong to the model.
  package var companions = CompanionFiles()

  /// What whoever gives the model a prompt has to know, if its folder has a chat template.
  package var noteOnPrompts: ConfigNote? {
    companions.chatTemplate.map { .chatTemplate(file: $0) }
  }

  package init(_ configuration: ModelConfiguration, special: SpecialTokens = SpecialTokens()) {
    self.configuration = configuration
    self.special = special
    notes = []
  }

  /// Reads and checks a file.
  package init(path: String) throws(FileProblem) {
    let bytes = try InputFile.read(path: path, limit: Self.largestFile)
    try self.init(bytes: bytes, file: path)
  }

  /// Checks bytes that were read already; `file` is named in problems.
  package init(bytes: [UInt8], file: String) throws(FileProblem) {
    let type = Self.modelType(bytes)
    let family = type.flatMap(ModelFamily.init) ?? .gpt2
    let format: any ModelFormat =
      type == PassoSettings.modelType ? PassoFormat() : family.format
    try self.init(format.settings, bytes: bytes, file: file)
  }

  /// The `model_type`, if the text is good enough to find it; the family's own reader says what is
  /// wrong with the rest.
  private static func modelType(_ bytes: [UInt8]) -> String? {
    var type: String?
    var reader = JSONReader(bytes)
    try? reader.object { (key, reader) throws(JSONFault) in
      if key == "model_type" { type = try reader.string() } else { try reader.skip() }
    }
    return type
  }
}

extension ModelDescription {
  /// Tells one model from another.
  package var fingerprint: UInt64 {
    var hash = StateHash()
    encoded().map(UInt32.init).withUnsafeBytes { hash.add($0) }
    return hash.value
  }
}

// MARK: - Writing

extension ModelDescription {
  /// The bytes of a `config.json` that `transformers` opens as this model, in evaluation and in
  /// training: with the dropout with which Passo trains it.
  ///
  /// A model for which it has no place it refuses.
  package func encoded() -> [UInt8] {
    let members = configuration.format.members(of: configuration)
    let dropout =
      configuration.dropout > 0 ? [(Self.dropoutKey, "\(configuration.dropout)")] : []
    let lines = (members + dropout + specialMembers).map { key, value in
      "  \(JSONText.string(key)): \(value)"
    }
    return Array(("{\n" + lines.joined(separator: ",\n") + "\n}\n").utf8)
  }

  private var specialMembers: [ConfigMember] {
    let ends = special.ends
    return [
      ("bos_token_id", special.start.map(String.init) ?? "null"),
      ("eos_token_id", ends.isEmpty ? "null" : ends.count == 1 ? "\(ends[0])" : "\(ends)"),
    ] + paddingMembers
  }

  /// The token that fills up; null where a family would take another for granted, which a small
  /// vocabulary does not have.
  private var paddingMembers: [ConfigMember] {
    if let padding = special.padding { return [("pad_token_id", "\(padding)")] }
    return configuration.family == nil ? [] : [("pad_token_id", "null")]
  }
}
