// SPDX-License-Identifier: MIT

/// Finds the name that a person probably meant.
package enum Suggestion {
  /// The candidate closest to what was typed, or nil if none is close.
  ///
  /// Case and accents do not count. The distance allowed grows with the length: a third of it, at
  /// least one, as in many compilers. What is longer than any name is none that was mistyped.
  package static func closest(to typed: String, among candidates: some Sequence<String>) -> String?
  {
    guard typed.utf8.count <= longest else { return nil }
    let wanted = fold(typed)
    let limit = max(1, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate.utf8.count <= longest {
      let name = fold(candidate)
      guard abs(name.count - wanted.count) <= limit else { continue }
      let distance = editDistance(wanted, name)
      guard distance <= limit else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Bytes of a name; the work grows with the square of them.
  private static let longest = 512

  /// The number of insertions, deletions, replacements and swaps of neighbours between two texts.
  ///
  /// Source: optimal string alignment, Boytsov 2011, doi 10.1145/1963190.1963191, section 2.1.
  package static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in 1...left.count {
      var row = [i] + Array(repeating: 0, count: right.count)
      for j in 1...right.count {
        let replacement = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
        row[j] = min(replacement, last[j] + 1, row[j - 1] + 1)
        let swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]
        if swapped { row[j] = min(row[j], beforeLast[j - 2] + 1) }
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }

  // Decomposed, so that an accent is a scalar of its own and can be dropped.
  private static func fold(_ text: String) -> [Character] {
    text.lowercased().map { character in
      guard let base = character.decomposedBase else { return character }
      return Character(base)
    }
  }
}

extension Bilingual {
  /// The hint with a name that is close to what was typed.
  package static func didYouMean(_ name: String) -> Bilingual {
    Bilingual(it: "forse \(it: name)?", en: "did you mean \(en: name)?")
  }
}

extension Character {
  // The accented letters of Italian; other scripts have nothing to drop here.
  fileprivate var decomposedBase: Unicode.Scalar? {
    switch self {
    case "à", "á": "a"
    case "è", "é": "e"
    case "ì", "í": "i"
    case "ò", "ó": "o"
    case "ù", "ú": "u"
    default: nil
    }
  }
}
