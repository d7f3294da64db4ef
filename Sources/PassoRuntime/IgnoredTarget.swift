// SPDX-License-Identifier: MIT

/// The target of a position about which nothing is asked: it does not count in the loss.
///
/// Source: PyTorch's `ignore_index` of the cross-entropy.
package let ignoredTarget: Int32 = -100
