// SPDX-License-Identifier: MIT

import PassoModel

/// The way that `:why` has gone: places in the values of one program.
package struct WhyTrail: Sendable {
  /// From the first question down to the last.
  package var path: [WhyPlace] = []

  /// What the next `:why N` can go into.
  package var terms: [WhyPlace] = []

  package init(path: [WhyPlace] = [], terms: [WhyPlace] = []) {
    (self.path, self.terms) = (path, terms)
  }
}
