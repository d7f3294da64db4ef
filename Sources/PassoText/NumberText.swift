// SPDX-License-Identifier: MIT

import Glibc

/// Numbers as people read them; the decimal mark of a tensor's number is always a
/// point, as in the code it stands for.
package enum NumberText {
  /// A number with a fixed count of decimals: `fixed(0.25, 2)` is `0.25`.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    special(value) ?? formatted("%.*f", decimals, value)
  }

  /// A number with as many significant digits as asked, without trailing zeros: `0.25`, `1.5e-07`.
  package static func general(_ value: Double, digits: Int = 6) -> String {
    special(value) ?? formatted("%.*g", digits, value)
  }

  /// A share as a percentage in a sentence; there, unlike in a tensor's number, Italian has a
  /// comma.
  package static func percent(_ share: Double, decimals: Int = 1) -> Bilingual {
    let text = fixed(100 * share, decimals) + " %"
    return Bilingual(it: text.replacing(".", with: ","), en: text)
  }

  /// A number of things with thousands separated by a thin mark: `124 439 808`.
  package static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0 && (digits.count - i).isMultiple(of: 3) { text += " " }
      text.append(digit)
    }
    return text
  }

  private static func special(_ value: Double) -> String? {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-inf" : "+inf" }
    return nil
  }

  private static func formatted(_ format: String, _ digits: Int, _ value: Double) -> String {
    withVaList([Int32(clamping: digits), value]) { arguments in
      // 330 characters hold the longest "%.15f" of a double.
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
        guard let start = buffer.baseAddress else { return "" }
        vsnprintf(start, buffer.count, format, arguments)
        return String(cString: start)
      }
    }
  }
}
