// SPDX-License-Identifier: MIT

import Glibc

/// Numbers as people read them, and as Passo reads them.
///
/// The rule: a number that is *said* – in a sentence, in a table's cell, on a scale, in a line of
/// progress – has the decimal mark of the language it is said in: `1,79` in Italian, `1.79` in
/// English. A number that can be *typed back* – the value of an expression or of a tensor
/// (`= 1.79`, the cells of `:show`), a formula, a setting such as `lr 0.001`, all that is read by
/// a program – has the point in every language, for a comma separates arguments there. What is
/// said is therefore `Bilingual`, and no string takes it without naming the language; what is typed
/// back is a `String`.
package enum NumberText {
  /// A number with a fixed count of decimals: `fixed(0.25, 2)` is `0,25` and `0.25`.
  package static func fixed(_ value: Double, _ decimals: Int) -> Bilingual {
    said(code(value, decimals: decimals))
  }

  /// A number with as many significant digits as asked, without trailing zeros: `0,25` and
  /// `0.25`, `1,5e-07` and `1.5e-07`.
  package static func general(_ value: Double, digits: Int = 6) -> Bilingual {
    said(code(value, digits: digits))
  }

  /// A share as a percentage in a sentence: `95,0 %` and `95.0 %`.
  package static func percent(_ share: Double, decimals: Int = 1) -> Bilingual {
    fixed(100 * share, decimals) + Bilingual(same: " %")
  }

  /// A number that can be typed back, with a fixed count of decimals: `0.25`.
  package static func code(_ value: Double, decimals: Int) -> String {
    special(value) ?? formatted("%.*f", decimals, value)
  }

  /// A number that can be typed back, with as many significant digits as asked, without trailing
  /// zeros: `0.25`, `1.5e-07`.
  package static func code(_ value: Double, digits: Int = 6) -> String {
    special(value) ?? formatted("%.*g", digits, value)
  }

  private static func said(_ code: String) -> Bilingual {
    Bilingual(it: code.replacing(".", with: ","), en: code)
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
