// SPDX-License-Identifier: MIT

/// What stands around a text when a model reads it whole: the `single` template of the
/// `post_processor` of Hugging Face `tokenizers`.
///
/// `Tokenizer.encode` leaves it out, as `encode(text, add_special_tokens=False)` does: a
/// prompt has `prefix` before the ids of the text.
package struct TextTemplate: Hashable, Sendable {
  /// Ids before the text, as that of `<s>`.
  package var prefix: [TokenID] = []

  /// Ids after the text, as that of `</s>`.
  package var suffix: [TokenID] = []

  /// The whole post-processor, as JSON, for the file that is written again; nil for one that
  /// changes nothing.
  package var source: String?

  package init() {}

  /// Whether nothing stands around a text.
  package var isEmpty: Bool { prefix.isEmpty && suffix.isEmpty }
}
