// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoRuntime
import PassoText
import PassoView

/// A kind of file that `:export` writes: the end of the name says which.
///
/// Adding one is adding a file beside this one and a place in `all`.
struct ExportFormat: Sendable {
  /// What the name ends in, without the dot.
  let ending: String

  /// What such a file holds.
  let holds: Bilingual

  /// Whether a file that begins so is of this kind: nothing else is replaced.
  let isSame: @Sendable (_ beginning: String, _ path: String) -> Bool

  /// Writes the file.
  ///
  /// - Returns: What it was that was written, where the name does not tell.
  let write: @Sendable (Shell, ExportRequest, _ path: String) throws -> Bilingual?

  /// Every format, in the order of the help.
  static let all: [ExportFormat] = [.svg, .png, .html, .csv, .safetensors, .cast]

  /// The format of a name; nil if none ends so.
  static func of(_ path: String) -> ExportFormat? {
    all.first { path.lowercased().hasSuffix(".\($0.ending)") }
  }

  /// Refuses to replace a file that is something else, whatever its name says.
  func expectSame(at path: String) throws {
    guard try TextFile.isThere(path) else { return }
    let bytes = try TextFile.beginning(path: path, 1024)
    guard !bytes.isEmpty, !isSame(String(decoding: bytes, as: UTF8.self), path) else { return }
    throw ExportProblem.otherFile(path)
  }
}

/// What a person has asked `:export` for.
struct ExportRequest {
  /// The name of the file, as it was typed.
  let name: String

  /// What stands behind the name.
  let arguments: Arguments

  /// Whether only the last line is wanted, where that is a choice.
  func isOnlyLast() throws -> Bool {
    try arguments.expect(atMost: 2)
    guard arguments.words.count > 1 else { return false }
    return try arguments.choice(arguments.words[1], of: ["last"]) == "last"
  }
}

extension ExportFormat {
  /// The figure that was shown last.
  static let svg = ExportFormat(
    ending: "svg",
    holds: Bilingual(it: "la figura mostrata per ultima", en: "the figure that was shown last"),
    isSame: { beginning, _ in beginning.lowercased().contains("<svg") },
    write: { shell, request, path in
      _ = try request.isOnlyLast()
      let (figure, renderer) = (try shell.lastFigure(), shell.console.svgRenderer)
      try TextFile.write(Interruption.attending { renderer.render(figure) }, to: path)
      return nil
    }
  )

  /// A page with all that was shown.
  static let html = ExportFormat(
    ending: "html",
    holds: Bilingual(
      it: "una pagina con tutta la sessione, da scorrere passo per passo, senza rete; con last solo"
        + " l'ultima riga",
      en: "a page with the whole session, to go through step by step, without a network; with last"
        + " only the last line"
    ),
    isSame: { beginning, _ in
      let beginning = beginning.lowercased()
      return beginning.contains("<!doctype html") || beginning.contains("<html")
    },
    write: { shell, request, path in
      let (onlyLast, last) = (try request.isOnlyLast(), try shell.lastShown())
      let parts =
        onlyLast
        ? [Page.Part(line: last.line, figures: last.figures)] : shell.console.transcript.parts()
      let page = Page(title: Bilingual(same: "Passo"), parts: parts)
      let language = shell.console.language
      try TextFile.write(Interruption.attending { page.html(opening: language) }, to: path)
      return nil
    }
  )

  /// Every computed value.
  static let safetensors = ExportFormat(
    ending: "safetensors",
    holds: Bilingual(
      it: "ogni valore calcolato, col suo nome",
      en: "every computed value, under its name"
    ),
    // Weights say for which library they are; they can be hours of work.
    isSame: { _, path in (try? SafetensorsFile(path: path))?.metadata.isEmpty == true },
    write: { shell, request, path in
      try request.arguments.expect(atMost: 1)
      try ValueFile.write(shell.session.timeline.execution, to: path)
      return nil
    }
  )
}

extension Shell {
  /// The last line that has shown something.
  func lastShown() throws(ExportProblem) -> Transcript.Entry {
    guard let last = console.transcript.lastShown else { throw .nothingShown }
    return last
  }

  /// All that the last line has shown, as one figure.
  func lastFigure() throws(ExportProblem) -> Figure {
    let last = try lastShown()
    return last.figures.count == 1
      ? last.figures[0] : .group(title: Bilingual(same: last.line), last.figures)
  }
}

extension Console {
  /// Draws pictures in the colours and the language of the screen.
  var svgRenderer: SVGRenderer { SVGRenderer(theme: theme ?? .light, language: language) }
}
