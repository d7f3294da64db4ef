// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine

extension Objective {
  /// The mask under which no position sees its answer.
  ///
  /// Whoever predicts what follows may not look ahead; the others say with each row how much of it
  /// everyone may see.
  package static var mask: MaskKind { predictsNext ? .causal : .prefix }
}
