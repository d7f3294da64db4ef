// SPDX-License-Identifier: MIT

/// What tasks of random letters have in common.
extension TaskParameter {
  /// How many letters there are to draw from.
  static func symbols(usual: Int) -> TaskParameter {
    .whole(
      "symbols",
      2...TaskSymbols.most,
      usual: usual,
      it: "quante lettere ci sono",
      en: "how many letters there are"
    )
  }

  /// How short and how long what is drawn may be.
  ///
  /// - Parameters:
  ///   - it: What it is called in Italian with its article, short and long.
  ///   - en: What it is called in English.
  /// - Returns: The two parameters.
  static func lengths(it: (short: String, long: String), en: String) -> [TaskParameter] {
    [
      .whole("shortest", 1...512, usual: 5, it: it.short, en: "the shortest \(en)"),
      .whole("longest", 1...512, usual: 12, it: it.long, en: "the longest \(en)"),
    ]
  }
}

extension TaskValues {
  /// The lengths between those of `TaskParameter.lengths`.
  func lengths() throws(TaskProblem) -> ClosedRange<Int> {
    let (shortest, longest) = (count("shortest"), count("longest"))
    guard shortest <= longest else { throw .order("shortest", shortest, "longest", longest) }
    return shortest...longest
  }
}
