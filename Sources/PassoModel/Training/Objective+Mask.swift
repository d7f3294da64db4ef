// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine

extension Objective {
  /// The mask under which no position sees its answer.
  ///
  /// A model that predicts what follows may not look ahead; for the others each row says how much of
  /// it everyone may see.
  package static var mask: MaskKind { predictsNext ? .causal : .prefix }
}
