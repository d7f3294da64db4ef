// SPDX-License-Identifier: MIT

import Glibc

/// A day of the calendar, as ISO 8601 writes it: `2026-11-29`.
package struct Day: Comparable, Hashable, Sendable {
  /// Days since the first of January 1970.
  private let number: Int

  private init(number: Int) {
    self.number = number
  }

  /// Reads a date; nil if it is none.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int32($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
      (1900...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var date = tm()
    (date.tm_year, date.tm_mon, date.tm_mday) = (year - 1900, month - 1, day)
    self.init(number: timegm(&date) / Self.seconds)
    // The 31st of February is no day.
    guard self.text == text else { return nil }
  }

  /// The day of now, at the place where it is.
  package static var today: Day {
    var now = time(nil)
    var date = tm()
    localtime_r(&now, &date)
    (date.tm_hour, date.tm_min, date.tm_sec) = (0, 0, 0)
    return Day(number: timegm(&date) / seconds)
  }

  private static let seconds = 86_400

  package var text: String {
    var moment = number * Self.seconds
    var date = tm()
    gmtime_r(&moment, &date)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.tm_year + 1900)-\(two(date.tm_mon + 1))-\(two(date.tm_mday))"
  }

  package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  /// So many days later.
  package static func + (day: Day, count: Int) -> Day { Day(number: day.number + count) }
}
