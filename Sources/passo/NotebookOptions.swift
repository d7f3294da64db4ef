// SPDX-License-Identifier: MIT

import ArgumentParser
import FoundationEssentials
import PassoFiles
import PassoLesson
import PassoShell
import PassoText

/// Lessons as Jupyter notebooks.
struct NotebookOptions: ParsableArguments {
  @Flag(
    it: """
      La lezione come notebook di Jupyter, nella lingua di --lang; senza --lesson tutte, nella \
      cartella --out.
      """,
    en: """
      The lesson as a Jupyter notebook, in the language of --lang; without --lesson all of them, \
      in the folder --out.
      """
  )
  var notebook = false

  @Flag(
    it: "Con --notebook: le risposte giuste e le soluzioni sono già scritte, per chi insegna.",
    en: "With --notebook: the right answers and solutions are filled in, for who teaches."
  )
  var solutions = false

  /// Checks what goes with it.
  ///
  /// - Throws: `UsageProblem`.
  func validate(lesson: String?, session: String?, quiz: String?, out: String?) throws {
    guard notebook else {
      throw UsageProblem(
        it: "--solutions vuole --notebook, che qui manca",
        en: "--solutions needs --notebook, got none"
      )
    }
    if session != nil || quiz != nil {
      throw UsageProblem(
        it: "--notebook scrive una lezione, non va con --session né con --quiz",
        en: "--notebook writes a lesson, got --session or --quiz with it",
        hint: LessonCommand.missingHint
      )
    }
    guard let out else {
      throw UsageProblem(
        it: "a passo export --notebook manca --out <out>",
        en: "passo export --notebook needs --out <out>, got none",
        hint: CommandPath(["export"]).helpHint
      )
    }
    guard lesson != nil, !out.hasSuffix(".ipynb") else { return }
    throw UsageProblem(
      "--out",
      needs: Bilingual(it: "un nome che finisce con .ipynb", en: "a name that ends in .ipynb"),
      got: out
    )
  }

  /// Whether anything was asked that only notebooks have.
  var isUsed: Bool { notebook || solutions }
}

extension FrontEnd {
  /// Writes a lesson as a notebook, or all of them into a folder.
  ///
  /// - Throws: `FileProblem`, `LessonProblem`, `ExitCode` if it was interrupted, or with solutions
  ///   what a line of the lesson throws.
  func writeNotebooks(lesson typed: String?, solved: Bool, to out: String) throws {
    let course = try shell(quiet: true).course
    guard let typed else {
      try AtomicFile.makeFolder(out)
      let names = try course.library.names
      for name in names {
        try writeNotebook(course, name, solved: solved, to: "\(out)/\(name).ipynb")
      }
      let place = Bilingual.quoted(out)
      let said = Bilingual(
        it: "\(names.count) notebook in \(place.it)",
        en: "\(names.count) notebooks in \(place.en)"
      )
      return print(said[language])
    }
    let count = try writeNotebook(course, typed, solved: solved, to: out)
    let place = Bilingual.quoted(out)
    let said = Bilingual(
      it: "\(count) celle da eseguire in \(place.it)",
      en: "\(count) cells to run in \(place.en)"
    )
    print(said[language])
  }

  /// Writes one; gives how many cells there are to run.
  @discardableResult
  private func writeNotebook(
    _ course: Course,
    _ typed: String,
    solved: Bool,
    to path: String
  ) throws -> Int {
    let reservation = try AtomicFile.Reservation(path)
    defer { withExtendedLifetime(reservation) {} }
    let line = ProgressLine(console(), patience: .zero)
    defer { line.end() }
    line.show(isRare: true) { Bilingual(same: path) }
    let lesson = try course.lesson(typed, language)
    // A number would mean another lesson once there are others.
    let name = course.lessonNames.contains(lesson.name) ? lesson.name : typed
    let answers = solved ? try run(lesson) : nil
    let notebook = LessonNotebook(lesson, named: name, solved: answers)
    let text = notebook.text
    // Somebody may have worked in it.
    if try TextFile.isThere(path), try TextFile.allBytes(path: path) != Array(text.utf8) {
      throw NotebookIsThere(path: path)
    }
    try TextFile.write(text, to: path)
    return notebook.runCount
  }
}

/// A file in the place of a notebook, which may hold somebody's answers.
private struct NotebookIsThere: WordedProblem {
  let path: String

  var wording: Wording {
    Bilingual(
      it: "il notebook \(it: path) c'è già, e dentro può esserci il lavoro di qualcuno",
      en: "the notebook \(en: path) is there already, and may hold somebody's work"
    ).hint(
      it: "scegli un altro nome, o prima sposta il file",
      en: "choose another name, or move the file first"
    )
  }
}
