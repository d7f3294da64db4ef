// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoFiles
import PassoShell
import PassoText

/// Results of lessons, graded by carrying them out again.
struct GradeCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "grade",
    it: "Riesegue i risultati delle lezioni e li valuta per quello che succede.",
    en: "Execute results of lessons again, and grade what happens.",
    discussion: Bilingual(
      it: """
        Un risultato è il file che una lezione finita lascia in passo/lessons, in $XDG_STATE_HOME \
        o ~/.local/state. Le righe non scrivono né leggono file. Lo stato d'uscita è 1 se un file \
        non è quello che dice di essere. Chi ricalcola il sigillo del file può fingere che le \
        righe di un altro siano sue: contano le righe, che devono portare al punteggio.
        """,
      en: """
        A result is the file that a finished lesson leaves in passo/lessons, in $XDG_STATE_HOME or \
        ~/.local/state. Its lines write and read no files. The exit status is 1 if a file is not \
        what it says it is. Who computes the file's seal anew can pretend that another's lines are \
        their own: what counts is the lines, which have to lead to the score.
        """
    )
  )

  @Argument(
    help: ArgumentHelp(
      it: "I risultati.",
      en: "The results.",
      value: Bilingual(same: "file")
    )
  )
  var files: [String]

  @Option(
    help: ArgumentHelp(
      it: "Una tabella da scrivere, una riga per file.",
      en: "A table to write, one row a file."
    )
  )
  var csv: String?

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    let front = FrontEnd(speech)
    Interrupt.watch(unanswered: .ends)
    var grader = LessonGrader(
      interrupted: { Interrupt.isPending },
      shell: { stop in try front.shell(quiet: true, interrupted: stop) }
    )
    var grades: [LessonGrade] = []
    for file in files {
      let grade: LessonGrade
      do { grade = try grader.grade(file) } catch { throw ExitCode(Interrupt.status) }
      print(grade.text(front.language))
      grades.append(grade)
    }
    if let csv { try TextFile.write(bytes: LessonGrade.table(grades, front.language), to: csv) }
    if !grades.allSatisfy(\.isSound) { throw ExitCode(1) }
  }
}
