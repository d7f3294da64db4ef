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
  func parameters(_ style: Style, _ theme: Theme? = nil) -> String? {
    guard self != .none else { return nil }
    switch style {
    case .role(let role): return parameters(role, theme)
    case .cell(let part, let scale): return parameters(part: part, scale, theme)
    }
  }

  /// What makes text heavy: bold, but where a terminal may turn bold black into grey a line below.
  private func weight(_ theme: Theme?) -> String {
    self == .ansi16 && theme?.isLight == true ? "4" : "1"
  }

  /// The terminal's own colours, unless a theme was chosen.
  private func parameters(_ role: TextRole, _ theme: Theme?) -> String? {
    guard let theme else { return Self.parameters(role) }
    let weight = role == .heading || role == .emphasis ? "\(weight(theme));" : ""
    return switch self {
    case .none: nil
    case .ansi16: weight + Self.parameters16(role, onLight: theme.isLight)
    case .ansi256, .trueColor: weight + "38;" + parameters(theme.color(role))
    }
  }

  /// What follows the word for the ink or the ground.
  private func parameters(_ color: Color) -> String {
    self == .ansi256
      ? "5;\(Self.nearest256(color))" : "2;\(color.red);\(color.green);\(color.blue)"
  }

  /// The ground of a theme with its ink, which is drawn with everything that stands on it: ink that
  /// suits another ground than the terminal's own could not be read.
  func ground(_ theme: Theme) -> String? {
    guard let ink = parameters(.role(.plain), theme) else { return nil }
    return switch self {
    case .none: nil
    case .ansi16: (theme.isLight ? "107;" : "40;") + ink
    case .ansi256, .trueColor: "48;\(parameters(theme.background));\(ink)"
    }
  }

  /// The parameters of a role on the ground of a theme, or on the terminal's own; nil if none are
  /// needed.
  package func parameters(of role: TextRole, on theme: Theme?) -> String? {
    guard let theme, let ground = ground(theme) else { return parameters(.role(role)) }
    return [ground, parameters(.role(role), theme)].compactMap { $0 }.joined(separator: ";")
  }

  /// Of sixteen colours those that can be read: on white neither cyan nor green, on black no dark
  /// red.
  private static func parameters16(_ role: TextRole, onLight: Bool) -> String {
    switch role {
    case .plain, .heading, .emphasis, .dim: onLight ? "30" : "97"
    case .code: onLight ? "34" : "96"
    case .good: onLight ? "30" : "92"
    case .bad: onLight ? "31" : "91"
    }
  }

  /// The nearest of the 6 x 6 x 6 colours and the 24 greys.
  static func nearest256(_ color: Color) -> Int {
    func distance(_ other: Color) -> Int {
      [(color.red, other.red), (color.green, other.green), (color.blue, other.blue)]
        .reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
    }
    return (16...255).min { distance(color256($0)) < distance(color256($1)) } ?? 16
  }

  /// What a terminal shows for one of its upper 240 colours.
  package static func color256(_ index: Int) -> Color {
    guard index >= 232 else { return cubeColor(index) }
    let grey = UInt8(8 + 10 * (index - 232))
    return Color(grey, grey, grey)
  }

  private static func parameters(_ role: TextRole) -> String? {
    switch role {
    case .plain: nil
    case .heading, .emphasis: "1"
    case .code: "36"
    case .dim: "2"
    case .good: "32"
    case .bad: "31"
    }
  }

  private func parameters(part: Double, _ scale: MatrixFigure.Scale, _ theme: Theme?) -> String? {
    switch self {
    case .none: return nil
    case .ansi16:
      // Sixteen colours cannot carry a scale: large numbers stand out, the rest stays as it is.
      return abs(part) >= 0.75 ? "7" : abs(part) >= 0.4 ? weight(theme) : nil
    case .ansi256:
      let index = Self.index256(part, scale)
      return "48;5;\(index);38;5;\(Self.cubeColor(index).ink == .black ? 16 : 231)"
    case .trueColor:
      let color = Palette.color(part, scale)
      return "48;\(parameters(color));38;\(parameters(color.ink))"
    }
  }

  // The nearest of 256 colours to each shade would jump between hues; these go evenly.
  private static let sequentialRamp = [17, 60, 102, 144, 186, 227]
  private static let signedRamp = [25, 32, 75, 117, 153, 231, 223, 215, 208, 202, 166]

  /// The colour for a part of the largest number, among 256.
  package static func index256(_ part: Double, _ scale: MatrixFigure.Scale) -> Int {
    let (ramp, place) =
      switch scale {
      case .sequential: (sequentialRamp, part)
      case .signed: (signedRamp, (part + 1) / 2)
      }
    return ramp[Int((min(max(place, 0), 1) * Double(ramp.count - 1)).rounded())]
  }

  private static let cubeLevels: [UInt8] = [0, 95, 135, 175, 215, 255]

  /// What a terminal shows for one of the 6 x 6 x 6 colours.
  package static func cubeColor(_ index: Int) -> Color {
    let cell = index - 16
    return Color(cubeLevels[cell / 36], cubeLevels[cell / 6 % 6], cubeLevels[cell % 6])
  }
}
