// SPDX-License-Identifier: MIT

extension UTF8 {
  /// How many bytes a scalar has that begins with this one.
  @inline(__always)
  static func width(ofLead lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }

  /// The same bytes, with U+FFFD for each one that belongs to no scalar.
  static func mended(_ bytes: [UInt8]) -> [UInt8] {
    if String(validating: bytes, as: UTF8.self) != nil { return bytes }
    var (text, place): ([UInt8], Int) = ([], 0)
    while place < bytes.count {
      let part = bytes[place...].prefix(width(ofLead: bytes[place]))
      if String(validating: part, as: UTF8.self) != nil {
        text += part
        place += part.count
      } else {
        text += Array("\u{FFFD}".utf8)
        place += 1
      }
    }
    return text
  }
}
