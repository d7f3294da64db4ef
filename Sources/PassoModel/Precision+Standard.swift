// SPDX-License-Identifier: MIT

import PassoEngine

extension Precision {
  /// What a model is computed in if nobody says otherwise: f64 at lesson size, where speed does not
  /// matter and rounding would show, as in the biases of keys, which AdamW moves by nothing else;
  /// f32 above.
  package static func standard(for configuration: ModelConfiguration) -> Precision {
    configuration.isOfALesson ? .f64 : .f32
  }
}
