// SPDX-License-Identifier: MIT

import PassoModel
import PassoText

extension Command {
  static let export = CommandDescription(
    name: "export",
    group: .session,
    arguments: "FILE\(ExportFormat.endings("|")) [last | VALUE]",
    it: "scrive l'ultima figura, la sessione o i valori in un file",
    en: "writes the last figure, the session or the values to a file",
    details: ExportFormat.all.reduce(Bilingual(same: "")) {
      $0 + Bilingual(same: ".\($1.ending): ") + $1.holds + Bilingual(same: ". ")
    }
      + Bilingual(
        it: "Un file che c'è già viene sostituito.",
        en: "A file that is there is replaced."
      ),
    examples: [
      ":show mask", ":export sessione.svg", ":export sessione.html", ":export sessione.html last",
      ":run", ":export sessione.csv logits", ":export sessione.csv logits[0, 1]",
      ":export sessione.safetensors", ":export sessione.cast",
    ],
    // What may follow depends on the end of the name.
    completion: .path(.file, then: nil),
    writesFiles: true
  )
  .host { shell, arguments in
    let word = try arguments.first(it: "un file", en: "a file")
    try arguments.expectOneName()
    let written = try arguments.placing(word) {
      try shell.context.writing(word.text) { path in
        guard let format = ExportFormat.of(path) else {
          throw ExportProblem.unknownKind(word.text)
        }
        try format.expectSame(at: path)
        return try format.write(shell, ExportRequest(name: word.text, arguments: arguments), path)
      }
    }
    let what = written.map { Bilingual(same: ": ") + $0 } ?? Bilingual(same: "")
    shell.console.say(
      Bilingual(it: "scritto in \(it: word.text)", en: "written to \(en: word.text)") + what
    )
  }
}

extension ExportFormat {
  /// The ends of all names, between which something stands.
  fileprivate static func endings(_ separator: String) -> String {
    all.map { ".\($0.ending)" }.joined(separator: separator)
  }

  /// The same as a sentence lists them.
  fileprivate static var endings: Bilingual {
    let endings = all.map { ".\($0.ending)" }
    let (first, last) = (endings.dropLast().joined(separator: ", "), endings[endings.count - 1])
    return Bilingual(it: "\(first) o \(last)", en: "\(first) or \(last)")
  }
}

extension Arguments {
  /// Refuses a name with blanks outside quotation marks, of which only the last word has an end.
  fileprivate func expectOneName() throws {
    guard let first = words.first, !first.isQuoted, ExportFormat.of(first.text) == nil else {
      return
    }
    let plain = words.prefix { !$0.isQuoted }
    guard let last = plain.firstIndex(where: { ExportFormat.of($0.text) != nil }) else { return }
    let name = plain[...last].map(\.text).joined(separator: " ")
    throw pathWithBlanks(name, first.span.lowerBound..<plain[last].span.upperBound)
  }
}

/// Why nothing is written.
package enum ExportProblem: WordedProblem, Equatable {
  /// A name that ends in none of the kinds.
  case unknownKind(String)

  /// A session that has shown nothing yet.
  case nothingShown

  /// A table of numbers, of which nobody has said which.
  case whichValue(String)

  /// A file that is there, and that `:export` did not write.
  case otherFile(String)

  /// A picture that needs another program: those that are there and have not drawn it.
  case noPicture(String, failed: [String])

  package var wording: Wording {
    switch self {
    case .unknownKind(let path):
      (Bilingual(it: "il nome deve finire in ", en: "the name needs to end in ")
        + ExportFormat.endings + Bilingual(it: ", non \(it: path)", en: ", got \(en: path)"))
        .hint(Self.otherKind(path))
    case .otherFile(let path):
      Bilingual(
        it: "il file che c'è già non è di questo tipo: \(it: path)",
        en: "the file there is of another kind: \(en: path)"
      ).hint(.otherName)
    case .whichValue(let path):
      Bilingual(
        it: "di quale valore scrivere i numeri? L'ultima riga non ne mostra uno",
        en: "the numbers of which value? The last line does not show one"
      ).hint(.example(":export \(ExportFormat.typed(path)) W_E"))
    case .noPicture(let path, let failed): Self.noPicture(path, failed: failed)
    case .nothingShown:
      Bilingual(it: "non è stato mostrato ancora niente", en: "nothing has been shown yet")
        .hint(it: "per esempio prima :show mask", en: "for example :show mask first")
    }
  }

  private static func noPicture(_ path: String, failed: [String]) -> Wording {
    let names = PictureConverter.all.map(\.name).joined(separator: ", ")
    let found = failed.joined(separator: ", ")
    let stem = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
    let instead = ":export \(ExportFormat.typed("\(stem).svg"))"
    let package = PictureConverter.all[0].package
    let message =
      failed.isEmpty
      ? Bilingual(
        it: "per un PNG serve uno di questi programmi, e non ce n'è nessuno: \(names)",
        en: "a PNG needs one of these programs, and none is there: \(names)"
      )
      : Bilingual(
        it: "il PNG non è riuscito a: \(found)",
        en: "the PNG needs a program that draws it, this did not: \(found)"
      )
    return message.hint(
      it: "si installa per esempio il pacchetto \(package); senza altri programmi: \(instead)",
      en: "install the package \(package), for example; without other programs: \(instead)"
    )
  }

  /// What to do for a kind that Passo does not write.
  private static func otherKind(_ path: String) -> Bilingual {
    let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    let dot = name.lastIndex(of: ".") ?? path.endIndex
    let (stem, ending) = (String(path[..<dot]), path[dot...].lowercased())
    let line = { (format: ExportFormat) in
      ":export \(ExportFormat.typed("\(stem).\(format.ending)"))"
    }
    if [".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"].contains(ending) {
      return .example(line(.png))
    }
    if [".pdf", ".eps", ".ps"].contains(ending) {
      return Bilingual(
        it: "\(line(.svg)), che rsvg-convert, Inkscape o un browser convertono",
        en: "\(line(.svg)), which rsvg-convert, Inkscape or a browser converts"
      )
    }
    if [".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".parquet"].contains(ending) {
      return Bilingual(
        it: "i numeri di un valore: \(line(.csv)) logits",
        en: "the numbers of a value: \(line(.csv)) logits"
      )
    }
    if [".npy", ".npz", ".pt", ".pth", ".bin", ".pkl", ".gguf"].contains(ending) {
      return Bilingual(
        it: "i numeri: \(line(.safetensors)), che safetensors.numpy.load_file legge",
        en: "the numbers: \(line(.safetensors)), which safetensors.numpy.load_file reads"
      )
    }
    return .example(line(.svg))
  }
}

extension ExportFormat {
  /// A name as it has to be typed.
  fileprivate static func typed(_ path: String) -> String {
    path.contains(where: \.isWhitespace) ? "\"\(path)\"" : path
  }
}
