// SPDX-License-Identifier: MIT

/// Sizes of a model, as other programs call them.
package enum OtherSizes {
  /// The option for a size by its names elsewhere, with hyphens.
  package static let options = [
    "n-layer": "layers", "n-layers": "layers", "num-layers": "layers", "layer": "layers",
    "num-hidden-layers": "layers", "depth": "layers", "blocks": "layers", "layers": "layers",
    "strati": "layers", "blocchi": "layers",
    "n-head": "heads", "n-heads": "heads", "num-heads": "heads", "num-attention-heads": "heads",
    "head": "heads", "heads": "heads", "teste": "heads",
    "n-embd": "width", "d-model": "width", "hidden-size": "width", "embed-dim": "width",
    "dim": "width", "n-embed": "width", "embedding-size": "width", "width": "width",
    "larghezza": "width", "n-kv-heads": "kv-heads", "num-key-value-heads": "kv-heads",
    "kv-heads": "kv-heads", "intermediate-size": "mlp", "d-ff": "mlp", "ffn-dim": "mlp",
    "mlp": "mlp", "n-inner": "mlp",
  ]

  /// Whether a word says a size: `layers=4`, `n_head`, `--width`.
  static func isSize(_ word: Arguments.Word) -> Bool {
    let name = word.text.drop { $0 == "-" }.prefix { $0 != "=" && $0 != ":" }
    return !word.isQuoted && options[name.lowercased().replacing("_", with: "-")] != nil
  }
}
