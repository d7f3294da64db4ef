// SPDX-License-Identifier: MIT

/// How one number of a tensor is stored, under the name that safetensors gives it.
package enum StorageType: String, CaseIterable, Sendable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u64 = "U64"
  case u32 = "U32"
  case u16 = "U16"
  case u8 = "U8"
  case boolean = "BOOL"

  /// Bytes for one number.
  package var byteCount: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .boolean: 1
    }
  }

  /// The bytes of a tensor of this shape, or nil if no machine can count them.
  func byteCount(of shape: [Int]) -> Int? {
    var bytes = byteCount
    for size in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      bytes = product
    }
    return bytes
  }
}

/// Numbers of 16 bits; Swift's own `Float16` does not exist on every machine.
enum SmallFloat {
  /// The value of IEEE 754 binary16 bits: 1 for the sign, 5 for the exponent, 10 for the fraction.
  static func half(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return Float(bitPattern: sign | magnitude.bitPattern)
    case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The value of bfloat16 bits, the upper half of a binary32.
  static func brain(_ bits: UInt16) -> Float {
    Float(bitPattern: UInt32(bits) << 16)
  }

  /// The bits of numbers as BF16, or else as F16: each is rounded to the nearest, the even one of
  /// two.
  static func bits(of numbers: [Float], as type: StorageType) -> [UInt16] {
    numbers.map { (type == .bf16 ? brainBits($0) : halfBits($0)).littleEndian }
  }

  /// The upper half of a binary32, rounded.
  static func brainBits(_ number: Float) -> UInt16 {
    let bits = number.bitPattern
    // Rounding could carry the bits of something that is not a number over to another one.
    if number.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
  }

  /// IEEE 754 binary16; what is too large for it becomes infinite.
  static func halfBits(_ number: Float) -> UInt16 {
    let sign = UInt16(number.bitPattern >> 16) & 0x8000
    let size = abs(number)
    if size.isNaN { return sign | 0x7E00 }
    if size >= 65_520 { return sign | 0x7C00 }
    // Below the normal numbers steps are of one size.
    if size < 0x1p-14 { return sign | UInt16((size * 0x1p24).rounded(.toNearestOrEven)) }
    let bits = size.bitPattern
    let rounded = bits + 0xFFF + (bits >> 13 & 1)
    return sign | UInt16((rounded >> 13) - 112 << 10)
  }
}
