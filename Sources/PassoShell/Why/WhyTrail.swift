// SPDX-License-Identifier: MIT

import PassoModel

/// The way that `:why` has gone: places in the values of one program.
struct WhyTrail: Sendable {
  /// From the first question down to the last.
  var path: [WhyPlace] = []

  /// What the next `:why N` can go into.
  var terms: [WhyPlace] = []
}
