// SPDX-License-Identifier: MIT

extension UTF8 {
  /// How many bytes a scalar has that begins with this one.
  @inline(__always)
  static func width(ofLead lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
