// SPDX-License-Identifier: MIT

/// Pieces of text that were encoded lately, with their ids; most words of a text come again.
///
/// A piece has one place only, and what comes later takes it: the memory stays the same, two
/// megabytes, and there is nothing to clear. A line of 64 bytes holds the piece and its ids.
final class PieceCache {
  /// The longest piece that is kept, in bytes; the last byte of its 32 is the length.
  static let longest = 31

  /// The most ids that are kept for a piece.
  static let mostIDs = 7

  typealias Key = SIMD4<UInt64>

  private static let lineSize = 64
  private static let lineCount = 1 << 15
  private let lines: UnsafeMutableRawPointer
  private let masks: UnsafeMutablePointer<Key>

  init() {
    let size = Self.lineCount * Self.lineSize
    lines = .allocate(byteCount: size, alignment: Self.lineSize)
    lines.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    masks = .allocate(capacity: 32)
    for length in 0..<32 {
      var mask = Key()
      for byte in 0..<length { mask[byte / 8] |= 0xFF << UInt64(byte % 8 * 8) }
      masks[length] = mask
    }
  }

  deinit {
    lines.deallocate()
    masks.deallocate()
  }

  /// The key of a piece of 1 to 31 bytes; `readable` bytes from its start on may be looked at.
  @inline(__always)
  func key(_ start: UnsafePointer<UInt8>, length: Int, readable: Int) -> Key {
    var key = Key()
    if readable >= 32 {
      key = UnsafeRawPointer(start).loadUnaligned(as: Key.self) & masks[length]
    } else {
      withUnsafeMutableBytes(of: &key) {
        $0.copyMemory(from: UnsafeRawBufferPointer(start: start, count: length))
      }
    }
    key[3] |= UInt64(length) << 56
    return key
  }

  /// The line in which a piece is, if it is anywhere.
  @inline(__always)
  func line(of key: Key) -> UnsafeMutableRawPointer {
    let low = key[0] &* 0x9E37_79B9_7F4A_7C15 ^ key[1] &* 0xC2B2_AE3D_27D4_EB4F
    let high = key[2] &* 0x1656_67B1_9E37_79F9 ^ key[3] &* 0xD6E8_FEB8_6659_FD93
    let mixed = (low ^ high ^ (low >> 32)) &* 0xFF51_AFD7_ED55_8CCD
    return lines + Int(truncatingIfNeeded: mixed >> 49) &* Self.lineSize
  }

  /// Writes eight numbers if the line is that of the piece, and tells how many of them are its ids.
  @inline(__always)
  func copyIDs(
    _ line: UnsafeMutableRawPointer,
    if key: Key,
    to ids: UnsafeMutablePointer<TokenID>
  ) -> Int? {
    guard line.load(as: Key.self) == key else { return nil }
    let kept = line.load(fromByteOffset: 32, as: SIMD8<Int32>.self)
    UnsafeMutableRawPointer(ids).storeBytes(of: kept, as: SIMD8<Int32>.self)
    return Int(kept[7])
  }

  /// Keeps a piece of at most seven ids.
  func keep(
    _ line: UnsafeMutableRawPointer,
    _ key: Key,
    _ ids: UnsafeMutablePointer<TokenID>,
    count: Int
  ) {
    var kept = SIMD8<Int32>()
    for place in 0..<count { kept[place] = ids[place] }
    kept[7] = Int32(count)
    line.storeBytes(of: key, as: Key.self)
    line.storeBytes(of: kept, toByteOffset: 32, as: SIMD8<Int32>.self)
  }
}
