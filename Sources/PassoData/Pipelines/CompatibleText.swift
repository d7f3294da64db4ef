// SPDX-License-Identifier: MIT

/// What stands for characters that are others in another form (NFKD): `ﬁ` is `fi`, `²` is `2`.
///
/// The table is made by `Tests/Interop/make_compatibility_table.py`.
enum CompatibleText {
  /// Scalars, each replaced by those for which it stands; accents are not touched.
  static func replaced(_ scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
    var all: [Unicode.Scalar] = []
    for scalar in scalars {
      if scalar.value >= 0xA0, let others = table[scalar.value], !ComposedText.isYoung(scalar) {
        all += others
      } else {
        all.append(scalar)
      }
    }
    return all
  }

  private static let table: [UInt32: [Unicode.Scalar]] = {
    var table: [UInt32: [Unicode.Scalar]] = [:]
    for line in PackageResources.compatibility_txt.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " ")).map { word in
        word.split(separator: UInt8(ascii: "-"))
          .compactMap { UInt32(String(decoding: $0, as: UTF8.self), radix: 16) }
      }
      guard let first = words[0].first, let last = words[0].last else { continue }
      for (step, value) in (first...last).enumerated() {
        // Only runs of single scalars go on.
        table[value] = words.dropFirst().compactMap { Unicode.Scalar($0[0] + UInt32(step)) }
      }
    }
    return table
  }()
}
