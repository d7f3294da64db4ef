// SPDX-License-Identifier: MIT

/// How many colours a terminal has.
package enum ColorDepth: Sendable, CaseIterable {
  case none
  case ansi16
  case ansi256
  case trueColor

  /// What the environment says; a pipe, `NO_COLOR` and `TERM=dumb` have no colours.
  ///
  /// Source: no-color.org, and the variables that terminals set.
  package init(environment: [String: String], isTerminal: Bool) {
    let term = environment["TERM"] ?? ""
    let color = environment["COLORTERM"] ?? ""
    if !isTerminal || !(environment["NO_COLOR"] ?? "").isEmpty || ["", "dumb"].contains(term) {
      self = .none
    } else if color == "truecolor" || color == "24bit" || term.hasSuffix("-direct") {
      self = .trueColor
    } else if term.contains("256color") {
      self = .ansi256
    } else {
      self = .ansi16
    }
  }
}

/// How a run of text looks.
enum Style: Hashable {
  case role(TextRole)

  /// A number on its colour; the part is that of the largest, as `Palette.color` takes it.
  case cell(part: Double, MatrixFigure.Scale)
}

extension ColorDepth {
  /// The parameters of the escape sequence that begins a style; nil where text stays plain.
  func parameters(_ style: Style) -> String? {
    guard self != .none else { return nil }
    switch style {
    case .role(let role): return Self.parameters(role)
    case .cell(let part, let scale): return parameters(part: part, scale)
    }
  }

  private static func parameters(_ role: TextRole) -> String? {
    switch role {
    case .plain: nil
    case .heading: "1"
    case .emphasis: "1"
    case .code: "36"
    case .dim: "2"
    case .good: "32"
    case .bad: "31"
    }
  }

  private func parameters(part: Double, _ scale: MatrixFigure.Scale) -> String? {
    let color = Palette.color(part, scale)
    switch self {
    case .none: return nil
    case .ansi16:
      // Sixteen colours cannot carry a scale: large numbers stand out, the rest stays as it is.
      return abs(part) >= 0.75 ? "7" : abs(part) >= 0.4 ? "1" : nil
    case .ansi256:
      let index = Self.cubeIndex(color)
      return "48;5;\(index);38;5;\(Self.cubeColor(index).ink == .black ? 16 : 231)"
    case .trueColor:
      let ink = color.ink
      return "48;2;\(color.red);\(color.green);\(color.blue)"
        + ";38;2;\(ink.red);\(ink.green);\(ink.blue)"
    }
  }

  private static let cubeLevels = [0, 95, 135, 175, 215, 255]

  /// The nearest colour of the 6 x 6 x 6 cube.
  private static func cubeIndex(_ color: Color) -> Int {
    func level(_ channel: UInt8) -> Int {
      let distances = cubeLevels.map { abs($0 - Int(channel)) }
      return distances.indices.min { distances[$0] < distances[$1] } ?? 0
    }
    return 16 + 36 * level(color.red) + 6 * level(color.green) + level(color.blue)
  }

  private static func cubeColor(_ index: Int) -> Color {
    let cell = index - 16
    return Color(
      UInt8(cubeLevels[cell / 36]),
      UInt8(cubeLevels[cell / 6 % 6]),
      UInt8(cubeLevels[cell % 6])
    )
  }
}
