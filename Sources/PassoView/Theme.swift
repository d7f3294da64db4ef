// SPDX-License-Identifier: MIT

import PassoText

/// The colours of everything that is not a number: for a screen, a page, or a projector.
///
/// A test holds every text colour against its background: 4.5 to 1 at least, 7 to 1 on a projector.
/// Source of the limits: WCAG 2.1, success criteria 1.4.3 and 1.4.6.
package struct Theme: Sendable, Hashable {
  /// The word in `:theme`.
  package let name: String

  package let summary: Bilingual
  package let background: Color
  package let ink: Color

  /// Remarks and labels; on a projector as dark as everything else.
  package let dim: Color
  package let code: Color
  package let good: Color
  package let bad: Color

  /// Lines of tables and pictures, which carry no words.
  package let rule: Color

  /// How many rows and columns of numbers the last row of a classroom can read at once; nil for as
  /// many as there is room for.
  package var mostCells: Int?

  /// Whether its ground is light.
  var isLight: Bool { background.luminance > 0.5 }

  /// The colour of a role.
  package func color(_ role: TextRole) -> Color {
    switch role {
    case .plain, .heading, .emphasis: ink
    case .code: code
    case .dim: dim
    case .good: good
    case .bad: bad
    }
  }

  package static let light = Theme(
    name: "light",
    summary: Bilingual(it: "inchiostro scuro su fondo chiaro", en: "dark ink on a light ground"),
    background: Color(255, 255, 255),
    ink: Color(26, 26, 26),
    dim: Color(92, 92, 92),
    code: Color(0, 84, 140),
    good: Color(0, 110, 60),
    bad: Color(176, 32, 20),
    rule: Color(200, 200, 200)
  )

  package static let dark = Theme(
    name: "dark",
    summary: Bilingual(it: "inchiostro chiaro su fondo scuro", en: "light ink on a dark ground"),
    background: Color(20, 22, 26),
    ink: Color(232, 232, 232),
    dim: Color(164, 168, 174),
    code: Color(126, 200, 242),
    good: Color(110, 210, 150),
    bad: Color(255, 140, 120),
    rule: Color(72, 76, 84)
  )

  package static let projector = Theme(
    name: "projector",
    summary: Bilingual(
      it: "fondo bianco, niente grigio, contrasto massimo: per l'ultima fila",
      en: "white ground, no grey, greatest contrast: for the last row"
    ),
    background: Color(255, 255, 255),
    ink: Color(0, 0, 0),
    dim: Color(38, 38, 38),
    code: Color(0, 56, 110),
    good: Color(0, 84, 44),
    bad: Color(130, 16, 8),
    rule: Color(120, 120, 120),
    mostCells: 8
  )

  /// All of them; a terminal without one keeps its own colours.
  package static let all = [light, dark, projector]

  /// The theme with a name.
  package static func named(_ name: String) -> Theme? { all.first { $0.name == name } }
}
