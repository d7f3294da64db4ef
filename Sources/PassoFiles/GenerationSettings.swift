// SPDX-License-Identifier: MIT

/// What a `generation_config.json` says of how a text is continued.
package struct GenerationSettings {
  /// The tokens that begin and end a text.
  private(set) var special = SpecialTokens()

  /// Settings by which `transformers` takes other tokens than the most probable ones, sorted by
  /// name, each with its value: Passo does not look at them by itself.
  private(set) var unused: [Unused] = []

  /// A setting that Passo does not look at.
  package struct Unused: Hashable, Sendable {
    let key: String

    /// How the value is written, where it is a number or a word.
    let value: String

    /// The option of `passo generate` that does the same; nil if there is none.
    var option: String? { key == "repetition_penalty" ? "--repetition-penalty \(value)" : nil }
  }

  /// What each key says where it changes nothing, beside null and what is empty.
  ///
  /// Source: `transformers`, `generation/utils.py`, version 5: what is done to logits before the
  /// largest is taken, and what is done in place of taking it.
  private static let neutral: [String: [JSONValue]] = [
    "bad_words_ids": [], "begin_suppress_tokens": [], "constraints": [], "dola_layers": [],
    "encoder_no_repeat_ngram_size": [.integer(0)],
    "encoder_repetition_penalty": [.integer(1), .number(1)],
    "exponential_decay_length_penalty": [], "force_words_ids": [], "forced_bos_token_id": [],
    "forced_eos_token_id": [], "guidance_scale": [.integer(1), .number(1)],
    "min_length": [.integer(0)], "min_new_tokens": [.integer(0)],
    "no_repeat_ngram_size": [.integer(0)], "num_beam_groups": [.integer(1)],
    "num_beams": [.integer(1)], "penalty_alpha": [.integer(0), .number(0)],
    "repetition_penalty": [.integer(1), .number(1)], "sequence_bias": [], "stop_strings": [],
    "suppress_tokens": [], "token_healing": [.boolean(false)], "watermarking_config": [],
  ]

  private static let nothing: [JSONValue] = [.null, .array([]), .object([:])]

  /// Reads the file.
  ///
  /// - Throws: `JSONFault` for what is no object, or holds tokens that are no numbers.
  init(_ bytes: [UInt8]) throws(JSONFault) {
    var reader = JSONReader(bytes)
    var (special, unused) = (SpecialTokens(), [Unused]())
    try reader.object { (key, reader) throws(JSONFault) in
      if let neutral = Self.neutral[key] {
        let value = try reader.value()
        if !Self.nothing.contains(value), !neutral.contains(value) {
          unused.append(Unused(key: key, value: value.beginning))
        }
      } else if try !special.read(key, &reader) {
        try reader.skip()
      }
    }
    (self.special, self.unused) = (special, unused.sorted { $0.key < $1.key })
  }
}
