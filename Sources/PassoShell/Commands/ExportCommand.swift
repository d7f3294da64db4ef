// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText
import PassoView

extension Command {
  static let export = Command(
    name: "export",
    group: .session,
    arguments: "FILE.svg|.html|.safetensors [last]",
    summary: Bilingual(
      it: "scrive l'ultima figura, la sessione o i valori in un file",
      en: "writes the last figure, the session or the values to a file"
    ),
    details: Bilingual(
      it:
        ".svg: la figura mostrata per ultima. .html: una pagina con tutta la sessione, da scorrere"
        + " passo per passo, senza rete; con last solo l'ultima riga. .safetensors: ogni valore"
        + " calcolato, col suo nome. Un file che c'è già viene sostituito.",
      en:
        ".svg: the figure that was shown last. .html: a page with the whole session, to go through"
        + " step by step, without a network; with last only the last line. .safetensors: every"
        + " computed value, under its name. A file that is there is replaced."
    ),
    examples: [
      ":show mask", ":export sessione.svg", ":export sessione.html", ":export sessione.html last",
      ":run", ":export sessione.safetensors",
    ],
    completion: .path(.file, then: ["last"]),
    writesFiles: true
  ) { shell, arguments in
    let word = try arguments.first(Bilingual(it: "un file", en: "a file"))
    try arguments.expect(atMost: 2)
    let isLast =
      try arguments.words.count > 1
      && arguments.choice(arguments.words[1], of: ["last"]) == "last"
    try arguments.placing(word) {
      try shell.writing(word.text) { try shell.export(to: $0, onlyLast: isLast) }
    }
    shell.console.say(
      Bilingual(it: "scritto in ", en: "written to ") + .quoted(word.text)
    )
  }
}

extension Shell {
  /// Writes what the end of a name says.
  ///
  /// - Throws: `ExportProblem`, or `FileProblem` if the file cannot be written.
  fileprivate func export(to path: String, onlyLast: Bool) throws {
    try ExportKind(path)?.expectSame(at: path)
    if path.hasSuffix(".safetensors") {
      return try ValueFile.write(session.timeline.execution, to: path)
    }
    guard path.hasSuffix(".svg") || path.hasSuffix(".html") else {
      throw ExportProblem.unknownKind(path)
    }
    guard let last = console.transcript.lastShown else { throw ExportProblem.nothingShown }
    if path.hasSuffix(".svg") {
      let figure: Figure =
        last.figures.count == 1
        ? last.figures[0] : .group(title: Bilingual(same: last.line), last.figures)
      let renderer = SVGRenderer(theme: console.theme ?? .light, language: console.language)
      return try TextFile.write(Interruption.attending { renderer.render(figure) }, to: path)
    }
    let parts =
      onlyLast
      ? [Page.Part(line: last.line, figures: last.figures)] : console.transcript.parts()
    let page = Page(title: Bilingual(same: "Passo"), parts: parts)
    let language = console.language
    try TextFile.write(Interruption.attending { page.html(opening: language) }, to: path)
  }
}

/// What `:export` writes, and the only thing that it takes the place of.
private enum ExportKind: String, CaseIterable {
  case svg
  case html
  case safetensors

  init?(_ path: String) {
    guard let kind = Self.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
      return nil
    }
    self = kind
  }

  /// Refuses to replace a file that is something else, whatever its name says.
  func expectSame(at path: String) throws {
    guard try TextFile.isThere(path) else { return }
    let bytes = try TextFile.beginning(path: path, 1024)
    guard !bytes.isEmpty, !isSame(String(decoding: bytes, as: UTF8.self).lowercased(), path) else {
      return
    }
    throw ExportProblem.otherFile(path)
  }

  private func isSame(_ beginning: String, _ path: String) -> Bool {
    switch self {
    case .svg: beginning.contains("<svg")
    case .html: beginning.contains("<!doctype html") || beginning.contains("<html")
    // Weights say for which library they are; they can be hours of work.
    case .safetensors: (try? SafetensorsFile(path: path))?.metadata.isEmpty == true
    }
  }
}

/// Why nothing is written.
package enum ExportProblem: Problem, Equatable {
  /// A name that ends in none of the kinds.
  case unknownKind(String)

  /// A session that has shown nothing yet.
  case nothingShown

  /// A file that is there, and that `:export` did not write.
  case otherFile(String)

  package var message: Bilingual {
    switch self {
    case .unknownKind(let path):
      Bilingual(
        it: "il nome deve finire in .svg, .html o .safetensors, trovato ",
        en: "the name needs to end in .svg, .html or .safetensors, got "
      ) + .quoted(path)
    case .otherFile(let path):
      Bilingual(
        it: "il file che c'è già non è di questo tipo: ",
        en: "the file there is of another kind: "
      ) + .quoted(path)
    case .nothingShown:
      Bilingual(it: "non è stato mostrato ancora niente", en: "nothing has been shown yet")
    }
  }

  package var hint: Bilingual? {
    switch self {
    case .unknownKind(let path): Self.otherKind(path)
    case .otherFile:
      Bilingual(
        it: "scegli un altro nome, o prima sposta il file",
        en: "choose another name, or move the file first"
      )
    case .nothingShown:
      Bilingual(it: "per esempio prima :show mask", en: "for example :show mask first")
    }
  }

  /// What to do for a kind that Passo does not write.
  private static func otherKind(_ path: String) -> Bilingual {
    let stem = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
    let quoted = stem.contains(where: \.isWhitespace) ? "\"\(stem).svg\"" : "\(stem).svg"
    if [".png", ".jpg", ".jpeg", ".pdf", ".gif", ".webp"].contains(where: path.hasSuffix) {
      return Bilingual(
        it: ":export \(quoted), che rsvg-convert, Inkscape o un browser convertono",
        en: ":export \(quoted), which rsvg-convert, Inkscape or a browser converts"
      )
    }
    if [".csv", ".tsv", ".npy", ".npz", ".json", ".txt", ".xlsx", ".pt"].contains(
      where: path.hasSuffix
    ) {
      return Bilingual(
        it: "i numeri: :export \(stem).safetensors, che safetensors.numpy.load_file legge",
        en: "the numbers: :export \(stem).safetensors, which safetensors.numpy.load_file reads"
      )
    }
    return Bilingual(it: "per esempio :export \(quoted)", en: "for example :export \(quoted)")
  }
}
