// SPDX-License-Identifier: MIT

import ArgumentParser
import FoundationEssentials
import PassoFiles
import PassoLesson
import PassoShell
import PassoText

/// The folder of a lesson to write.
struct NewLessonCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    TwoWordCommand.newLesson.name,
    it: "Prepara la cartella di una lezione nuova, pronta da modificare.",
    en: "Make the folder of a new lesson, ready to be changed.",
    discussion: Bilingual(
      it: """
        La lezione ha un blocco di ogni tipo nelle due lingue, e passo lint la trova in ordine. \
        Un nome semplice finisce nella cartella lessons, o in quella di PASSO_LESSONS; un nome con \
        una barra è una cartella qualsiasi. Ciò che c'è già non viene toccato.
        """,
      en: """
        The lesson has a block of every kind in both languages, and passo lint finds nothing wrong \
        with it. A simple name goes to the folder lessons, or to that of PASSO_LESSONS; a name \
        with a slash is a folder anywhere. What is there is not touched.
        """
    )
  )

  @Argument(
    help: ArgumentHelp(
      it: "Due cifre, un trattino e l'argomento, 21-attention, anche dopo una cartella.",
      en: "Two digits, a dash and the topic, 21-attention, behind a folder too.",
      value: Bilingual(it: "nome", en: "name")
    )
  )
  var name: String

  @Option(
    parsing: .unconditional,
    it: "Il titolo; se manca, l'argomento.",
    en: "The title; without it the topic."
  )
  var title: String?

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    let (parent, last) = Self.parts(of: name)
    let names = (try? LessonLibrary(folder: parent))?.names ?? []
    let lesson = try NewLesson(name: last, title: title, besides: names)
    let folder = "\(parent)/\(lesson.name)"
    if TextFile.exists(folder) { throw NewLessonProblem.alreadyThere(folder) }
    let files = Language.allCases.map { ($0, LessonLibrary.file(in: folder, $0)) }
    let new = NewFiles(
      files.compactMap { $0.1.split(separator: "/").last.map(String.init) },
      in: folder
    )
    do {
      try AtomicFile.makeFolder(folder)
      for (language, path) in files { try TextFile.write(lesson.text(language), to: path) }
    } catch {
      new.takeBack()
      throw error
    }
    let place = Bilingual.quoted(folder)
    let said = Bilingual(
      it: "\(place.it) è pronta: passo lint \(folder) la controlla, passo lesson \(folder) la apre",
      en: "\(place.en) is ready: passo lint \(folder) checks it, passo lesson \(folder) opens it"
    )
    print(said[speech.chosenLanguage])
  }

  /// Where the folder is to be, and its name.
  private static func parts(of typed: String) -> (parent: String, name: String) {
    var path = typed[...]
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    if let slash = path.lastIndex(of: "/") {
      let parent = slash == path.startIndex ? "/" : String(path[..<slash])
      return (parent, String(path[path.index(after: slash)...]))
    }
    let chosen = ProcessInfo.processInfo.environment["PASSO_LESSONS"] ?? ""
    return (chosen.isEmpty ? "lessons" : chosen, String(path))
  }
}
