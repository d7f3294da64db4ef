// SPDX-License-Identifier: MIT

import Glibc

/// A colour on a screen.
package struct Color: Sendable, Hashable {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  static let black = Color(0, 0, 0)
  static let white = Color(255, 255, 255)

  /// How light it is, from 0 to 1.
  ///
  /// Source: WCAG 2.1, definition of relative luminance.
  package var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      if value <= 0.040_45 { return value / 12.92 }
      return pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// How well two colours can be told apart, from 1 to 21.
  ///
  /// Source: WCAG 2.1, definition of contrast ratio.
  package func contrast(with other: Color) -> Double {
    let light = max(luminance, other.luminance)
    let dark = min(luminance, other.luminance)
    return (light + 0.05) / (dark + 0.05)
  }

  /// Black or white, whichever reads better on this colour.
  package var ink: Color {
    contrast(with: .black) >= contrast(with: .white) ? .black : .white
  }
}

/// Colours for numbers; every one is beside its number, never instead of it.
package enum Palette {
  /// From small to large, the same with and without colour blindness.
  ///
  /// Anchors of cividis. Source: Nunez, Anderton, Renslow 2018, PLoS ONE 13(8) e0199239.
  private static let cividis = [
    Color(0, 34, 78), Color(53, 69, 108), Color(102, 105, 112), Color(148, 142, 119),
    Color(200, 184, 102), Color(254, 232, 56),
  ]

  /// From negative over zero to positive: blue, white, orange.
  private static let signed = [Color(33, 102, 172), Color(247, 247, 247), Color(217, 95, 2)]

  /// A colour for a part of the largest number: 0 to 1, or -1 to 1 on a signed scale.
  package static func color(_ part: Double, _ scale: MatrixFigure.Scale) -> Color {
    switch scale {
    case .sequential: between(cividis, part)
    case .signed: between(signed, (part + 1) / 2)
    }
  }

  private static func between(_ anchors: [Color], _ part: Double) -> Color {
    let place = min(max(part, 0), 1) * Double(anchors.count - 1)
    let index = min(Int(place), anchors.count - 2)
    let weight = place - Double(index)
    func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
      UInt8((Double(from) + weight * (Double(to) - Double(from))).rounded())
    }
    let (from, to) = (anchors[index], anchors[index + 1])
    return Color(mix(from.red, to.red), mix(from.green, to.green), mix(from.blue, to.blue))
  }
}
