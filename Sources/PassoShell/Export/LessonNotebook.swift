// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoText
import PassoView

/// A lesson as a Jupyter notebook: its text as Markdown, its blocks as cells to run.
///
/// The questions are open, and what is right is not in the file: Passo, which runs the cells,
/// replies.
package struct LessonNotebook {
  private let lesson: Lesson

  /// How the lesson is named to whoever runs the cells.
  private let name: String

  /// What was computed of its answers; nil leaves its questions open.
  private let solved: LessonRun?

  private var language: Language { lesson.header.language }

  /// Describes the notebook of a lesson.
  ///
  /// - Parameters:
  ///   - lesson: The lesson, in the language of the notebook.
  ///   - name: How a person names it: a lesson of Passo, or a folder.
  ///   - solved: The lesson, taken, if the notebook is to hold the right answers.
  package init(_ lesson: Lesson, named name: String, solved: LessonRun? = nil) {
    (self.lesson, self.name, self.solved) = (lesson, name, solved)
  }

  /// The whole file.
  package var text: String {
    Notebook(
      cells: cells,
      metadata: ["language": .string(language.rawValue), "lesson": .string(name)]
    ).text
  }

  /// How many cells there are to run.
  package var runCount: Int { cells.count { $0.kind == .code } }

  private var cells: [Notebook.Cell] {
    var cells: [Notebook.Cell] = []
    for item in lesson.items {
      let next = self.cells(item.content)
      if next.contains(where: { $0.kind == .code }), !cells.contains(where: { $0.kind == .code }) {
        cells.append(markdown("how", said(Self.how)))
      }
      cells += next
    }
    return cells
  }

  private static let how = Bilingual(
    it: "*Esegui le celle in ordine, con Maiusc-Invio. A una domanda scrivi la risposta nella sua"
      + " cella ed eseguila: puoi riprovare quante volte vuoi. In una cella `:hint` dà un aiuto,"
      + " `:explain NOME` spiega un valore, `:help` elenca i comandi; le prove tue, in celle tue,"
      + " non cambiano la lezione.*",
    en: "*Run the cells in order, with Shift-Enter. At a question type the answer in its cell and"
      + " run it: you can try as often as you like. In a cell `:hint` helps, `:explain NAME`"
      + " explains a value, `:help` lists the commands; what you try in cells of your own does not"
      + " change the lesson.*"
  )

  private func cells(_ content: LessonItem.Content) -> [Notebook.Cell] {
    switch content {
    case .prose(let blocks): [markdown("text", ProseMarkdown.text(blocks))]
    case .run(let block): [run(block)]
    case .quiz(let quiz): cells(quiz)
    case .predict(let prediction): cells(prediction)
    case .exercise(let exercise): cells(exercise)
    case .facts, .note, .alternative: []
    }
  }

  private func said(_ text: Bilingual) -> String { text[language] }

  private func markdown(_ name: String, _ text: String) -> Notebook.Cell {
    Notebook.Cell(kind: .markdown, name: name, source: text)
  }

  private func code(
    _ block: String,
    _ kind: String,
    _ lines: [String],
    level: FadeLevel? = nil
  ) -> Notebook.Cell {
    let cell = LessonCell(lesson: name, block: block, level: level, language: language)
    let name = level.map { "\(block)-\($0.rawValue + 1)" } ?? block
    return Notebook.Cell(
      kind: .code,
      name: name,
      source: ([cell.firstLine] + lines).joined(separator: "\n"),
      metadata: ["block": .string(block), "kind": .string(kind)]
    )
  }

  private func run(_ block: RunBlock) -> Notebook.Cell {
    let yours = Bilingual(
      it: "# la riga che segue può essere tua: stesso comando, altro testo",
      en: "# the line below may be your own: the same command, another text"
    )
    let lines = block.commands.map(\.text)
    return code(block.id, "run", block.isYours ? [said(yours)] + lines : lines)
  }
}

// MARK: - Questions

extension LessonNotebook {
  private func cells(_ quiz: Quiz) -> [Notebook.Cell] {
    let right = quiz.options.first { $0.isRight }?.letter
    return [
      question(quiz.id, LessonView.quizTitle, quiz.question, quiz.options),
      answer(quiz.id, "quiz", letters(quiz.options), right),
    ]
  }

  private func cells(_ prediction: Prediction) -> [Notebook.Cell] {
    let (wanted, right): (Bilingual, String?) =
      switch prediction.kind {
      case .number:
        (
          Bilingual(it: "un numero", en: "a number"),
          solved?.answer(to: prediction).map { NumberText.code($0.value) }
        )
      case .sign:
        (
          Bilingual(it: "+, - o 0", en: "+, - or 0"),
          solved?.answer(to: prediction).map { LessonView.symbol($0.value) }
        )
      case .choice(let options): (letters(options), options.first { $0.isRight }?.letter)
      }
    return [
      question(
        prediction.id,
        LessonView.predictionTitle,
        prediction.question,
        prediction.options
      ),
      answer(prediction.id, "predict", wanted, right),
    ]
  }

  private func question(
    _ id: String,
    _ title: Bilingual,
    _ text: [ProseBlock],
    _ options: [QuizOption]
  ) -> Notebook.Cell {
    let list = options.map { "- **\($0.letter)** " + ProseMarkdown.text($0.text) }
    let parts =
      ["**? \(said(title))**", ProseMarkdown.text(text)]
      + (list.isEmpty ? [] : [list.joined(separator: "\n")])
    return markdown("\(id)-question", parts.joined(separator: "\n\n"))
  }

  private func answer(
    _ id: String,
    _ kind: String,
    _ wanted: Bilingual,
    _ right: String?
  ) -> Notebook.Cell {
    let comment = Bilingual(it: "# la tua risposta: ", en: "# your answer: ") + wanted
    let typed = solved == nil ? "" : right ?? ""
    return code(id, kind, [said(comment), typed])
  }

  private func letters(_ options: [QuizOption]) -> Bilingual {
    let letters = options.map(\.letter)
    let first = letters.dropLast().joined(separator: ", ")
    let last = letters.last ?? ""
    return Bilingual(it: "\(first) o \(last)", en: "\(first) or \(last)")
  }
}

// MARK: - Exercises

extension LessonNotebook {
  private func cells(_ exercise: Exercise) -> [Notebook.Cell] {
    switch exercise.kind {
    case .task(let task): [text(exercise, []), lines(exercise, task)]
    case .fade(let fade): faded(exercise, fade)
    }
  }

  private func text(_ exercise: Exercise, _ more: [Bilingual]) -> Notebook.Cell {
    let parts =
      ["**\(said(LessonView.title(exercise)))**", ProseMarkdown.text(exercise.text)]
      + more.map(said)
    return markdown("\(exercise.id)-task", parts.joined(separator: "\n\n"))
  }

  private func lines(_ exercise: Exercise, _ task: ExerciseTask) -> Notebook.Cell {
    let comment = Bilingual(
      it: "# le tue righe, sopra :check; :hint dà un aiuto, :solution mostra come si fa",
      en: "# your lines, above :check; :hint helps, :solution shows how it is done"
    )
    let typed = solved == nil ? [""] : task.solution.map(\.text)
    return code(exercise.id, "exercise", [said(comment)] + typed + [":check"])
  }

  private func faded(_ exercise: Exercise, _ fade: FadedLines) -> [Notebook.Cell] {
    FadeLevel.allCases.flatMap { level -> [Notebook.Cell] in
      let instruction = said(instruction(level))
      let text =
        level == .worked
        ? self.text(exercise, [self.instruction(level)])
        : markdown("\(exercise.id)-task-\(level.rawValue + 1)", instruction)
      let lines = fade.lines.map { solved == nil ? $0.shown(level) : $0.whole }
      return [text, code(exercise.id, "fade", lines, level: level)]
    }
  }

  private func instruction(_ level: FadeLevel) -> Bilingual {
    switch level {
    case .worked:
      Bilingual(it: "Prima guarda: esegui la cella.", en: "First look: run the cell.")
    case .oneBlank:
      Bilingual(
        it: "Ora tocca a te: un vuoto per riga. Scrivi ciò che va al posto di `⟦ ⟧`, poi esegui.",
        en: "Now you: one blank in each line. Type what belongs in place of `⟦ ⟧`, then run."
      )
    case .allBlank:
      Bilingual(
        it: "Ancora una volta, da solo: tutti i vuoti.",
        en: "Once more, on your own: all the blanks."
      )
    }
  }
}
