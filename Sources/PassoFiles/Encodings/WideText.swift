// SPDX-License-Identifier: MIT

/// Text in units of two or four bytes that no mark announces.
struct WideText {
  private let bytes: [UInt8]

  /// Looks at the start of a text.
  ///
  /// - Parameter bytes: A few kilobytes, from the first byte of the text.
  init(_ bytes: some Collection<UInt8>) {
    self.bytes = Array(bytes.prefix(Self.enough))
  }

  private static let enough = 1 << 14

  /// Of the characters of a text so many belong to scripts in use.
  private static let leastPlausible = 0.97

  /// In which units, and in which order of their bytes, they are text; nil if in none.
  ///
  /// Nearly all characters have to be of scripts in use. Bytes that are nearly all of ASCII, or
  /// that are Japanese in double bytes, would be so by chance.
  var encoding: WideEncoding? {
    let candidates: [(WideEncoding, size: Int, isBig: Bool)] = [
      (.utf32LittleEndian, 4, false), (.utf32BigEndian, 4, true),
      (.utf16LittleEndian, 2, false), (.utf16BigEndian, 2, true),
    ]
    guard bytes.count >= 4, !isMostlyASCII else { return nil }
    let isPaired = !placesAreAlike
    let scored = candidates.map { encoding, size, isBig in
      (encoding, size == 4 || isPaired ? plausible(size: size, isBig: isBig) : 0)
    }
    guard let best = scored.max(by: { $0.1 < $1.1 }), best.1 >= Self.leastPlausible else {
      return nil
    }
    return best.0
  }

  private var isMostlyASCII: Bool {
    bytes.count { (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x0D } * 10 > bytes.count * 9
  }

  /// Whether the bytes at even places are those at odd places: then they are no halves of units.
  private var placesAreAlike: Bool {
    var counts = [(even: Double, odd: Double)](repeating: (0, 0), count: 256)
    for (place, byte) in bytes.enumerated() {
      if place.isMultiple(of: 2) { counts[Int(byte)].even += 1 } else { counts[Int(byte)].odd += 1 }
    }
    let (even, odd) = (Double((bytes.count + 1) / 2), Double(bytes.count / 2))
    let common = counts.reduce(0) { $0 + min($1.even / even, $1.odd / odd) }
    return common > Self.alike
  }

  /// Of two random halves of a text in single bytes more than this is the same.
  private static let alike = 0.5

  /// The part of the units that are characters of scripts in use.
  private func plausible(size: Int, isBig: Bool) -> Double {
    var (good, all, doubleBytes) = (0, 0, 0)
    for start in stride(from: 0, through: bytes.count - size, by: size) {
      let unit = bytes[start..<start + size]
      let value = (isBig ? Array(unit) : unit.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      all += 1
      if Self.isInUse(value) || size == 2 && (0xD800..<0xE000).contains(value) { good += 1 }
      if (0x8140..<0x8400).contains(value) { doubleBytes += 1 }
    }
    guard all > 0, doubleBytes * 3 < all else { return 0 }
    return Double(good) / Double(all)
  }

  private static func isInUse(_ value: UInt32) -> Bool {
    switch value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0x24F, 0x300...0x36F, 0x370...0x6FF,
      0x900...0xE7F, 0x10A0...0x11FF, 0x1780...0x17FF, 0x1E00...0x1FFF, 0x2010...0x203A,
      0x20A0...0x2122, 0x3000...0x30FF, 0x3130...0x318E, 0x4E00...0x9FFF, 0xAC00...0xD7A3,
      0xFB00...0xFDFF, 0xFE70...0xFEFF, 0xFF00...0xFFEF, 0x1F300...0x1FAFF:
      true
    default: false
    }
  }
}
