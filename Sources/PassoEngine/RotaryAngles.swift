// SPDX-License-Identifier: MIT

import PassoText

/// By which angles the pairs of a query or key are rotated at each position.
///
/// Pair `i` of a head turns by `speed[i]` radians from one position to the next: `base^(-2 i / D)`,
/// unless the speeds are stretched for longer texts than the model was made for.
/// Source: Su et al. 2021, arXiv:2104.09864, section 3.2.
package struct RotaryAngles: Hashable, Sendable {
  /// What slows the pairs down, so that longer texts have angles that the model knows.
  package enum Stretch: Hashable, Sendable {
    /// Nothing.
    case none

    /// All alike. Source: Chen et al. 2023, arXiv:2306.15595, section 2.3.
    case linear(factor: Double)

    /// Those that turn less than `low` times in a text of `original` positions; those that turn
    /// more than `high` times stay, and between the two it grows.
    /// Source: Grattafiori et al. 2024, arXiv:2407.21783, section 3.2; Llama 3.1's reference code.
    case llama3(factor: Double, low: Double, high: Double, original: Double)

    /// The same by the number of a pair, between those that turn `fast` and `slow` times.
    /// Source: Peng et al. 2023, arXiv:2309.00071, section 3.2.
    case yarn(factor: Double, fast: Double, slow: Double, original: Double, isRounded: Bool)
  }

  /// How slowly the slowest pair turns: `rope_theta` in configurations.
  package var base: Double

  /// The first components of a head, which are rotated; nil for all of them.
  package var width: Int?

  /// What slows the pairs down.
  package var stretch = Stretch.none

  /// By how much vectors become longer as they turn: YaRN's way to make softmax sharper.
  package var magnitude = 1.0

  package init(base: Double) { self.base = base }

  /// Whether nothing is stretched, nothing left out and nothing made longer.
  package var isPlain: Bool { self == RotaryAngles(base: base) }

  /// The components that are rotated in a head of some width.
  package func rotated(of headWidth: Int) -> Int { min(width ?? headWidth, headWidth) }

  /// How far each pair turns from one position to the next, in radians.
  ///
  /// - Parameter rotated: The components that are rotated, two for each pair.
  /// - Returns: A number for each pair.
  func speeds(_ rotated: Int) -> [Double] {
    (0..<rotated / 2).map { pair in
      let plain = Double.exponential(
        -2 * Double(pair) / Double(rotated) * Double.logarithm(base)
      )
      return stretched(plain, pair: pair, rotated)
    }
  }

  private func stretched(_ speed: Double, pair: Int, _ rotated: Int) -> Double {
    switch stretch {
    case .none: return speed
    case .linear(let factor): return speed / factor
    case .llama3(let factor, let low, let high, let original):
      // How often the pair turns in the text.
      let turns = original * speed / (2 * Double.pi)
      if turns > high { return speed }
      if turns < low { return speed / factor }
      let share = (turns - low) / (high - low)
      return (1 - share) * speed / factor + share * speed
    case .yarn(let factor, let fast, let slow, let original, let isRounded):
      func place(_ turns: Double) -> Double {
        Double(rotated) * Double.logarithm(original / (turns * 2 * Double.pi))
          / (2 * Double.logarithm(base))
      }
      var (first, last) = (place(fast), place(slow))
      if isRounded { (first, last) = (first.rounded(.down), last.rounded(.up)) }
      (first, last) = (max(first, 0), min(last, Double(rotated - 1)))
      if first == last { last += 0.001 }
      let share = min(max((Double(pair) - first) / (last - first), 0), 1)
      return speed / factor * share + speed * (1 - share)
    }
  }

  /// As a listing shows them after the inputs.
  var settings: [String] {
    var words = ["base \(NumberText.code(base))"]
    if let width { words.append("width \(width)") }
    switch stretch {
    case .none: break
    case .linear(let factor): words.append("linear \(NumberText.code(factor))")
    case .llama3(let factor, _, _, _): words.append("llama3 \(NumberText.code(factor))")
    case .yarn(let factor, _, _, _, _): words.append("yarn \(NumberText.code(factor))")
    }
    if magnitude != 1 { words.append("times \(NumberText.code(magnitude))") }
    return words
  }

  /// What is said of a step that rotates by them; nil where the usual words hold.
  var words: (formula: Bilingual, more: Bilingual)? {
    guard !isPlain else { return nil }
    let formula = Bilingual(
      it: "(y[i], y[i + r/2]) = (x[i], x[i + r/2]) ruotato di t * speed[i] alla posizione t, per le"
        + " prime r componenti",
      en: "(y[i], y[i + r/2]) = (x[i], x[i + r/2]) rotated by t * speed[i] at position t, for the"
        + " first r components"
    )
    var more = Bilingual(same: "")
    if width != nil {
      more =
        more
        + Bilingual(
          it: ". Le componenti dopo le prime restano come sono",
          en: ". The components after the first ones stay as they are"
        )
    }
    if stretch != .none {
      more =
        more
        + Bilingual(
          it:
            ". Le coppie lente ruotano ancora più piano: così il modello legge testi più lunghi di"
            + " quelli per cui è nato",
          en: ". Slow pairs turn even more slowly: this is how the model reads longer texts than it"
            + " was made for"
        )
    }
    if magnitude != 1 {
      more =
        more
        + Bilingual(
          it: ". I vettori si allungano un po', e la softmax diventa più netta",
          en: ". The vectors become a little longer, and the softmax sharper"
        )
    }
    return (formula, more)
  }
}

extension RotaryAngles {
  /// How far each pair of a head turns from one position to the next, in radians; tells apart what
  /// computes alike.
  package func turns(_ headWidth: Int) -> [Double] { speeds(rotated(of: headWidth)) }
}
