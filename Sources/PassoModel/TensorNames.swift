// SPDX-License-Identifier: MIT

/// How the tensors of a folder are called: the names of Hugging Face, without the prefix of the
/// inner model where only that was saved, and with one of a wrapper where one was around it.
struct TensorNames {
  /// The unembedding.
  let head: String

  /// The embedding.
  let embedding: String

  /// What a wrapper has put before all names, as `torch.compile` its `_orig_mod.`.
  let wrapper: String

  private let inner: String
  private let isBare: Bool

  /// Looks which of the possible names are there.
  init(_ found: [String], in configuration: ModelConfiguration) {
    let format = configuration.format
    (inner, head, embedding) = (format.inner, format.head, format.inner + format.embedding)
    // One of these is there in every model, also where the embedding is stored as the head.
    let marks = [format.embedding, format.firstTensor(ofBlock: 0)]
    let before =
      marks.lazy.compactMap { mark in
        found.first { $0 == mark || $0.hasSuffix("." + mark) }.map { $0.dropLast(mark.count) }
      }.first ?? ""
    // Prefixes of both kinds: `model.` is a wrapper only where another `model.` follows.
    isBare = !inner.isEmpty && !before.hasSuffix(inner)
    let outer = String(isBare ? before : before.dropLast(inner.count))
    wrapper = found.allSatisfy { $0.hasPrefix(outer) } ? outer : ""
  }

  /// The name in the files of a tensor of Hugging Face's whole model.
  func inFile(_ name: String) -> String {
    guard isBare, name.hasPrefix(inner) else { return wrapper + name }
    return wrapper + name.dropFirst(inner.count)
  }
}
