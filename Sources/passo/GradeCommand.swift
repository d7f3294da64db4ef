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
        non è quello che dice di essere.

        Si vede: una riga che la lezione non permette, righe che non portano agli stati o al \
        punteggio scritti, uno stato che manca, una lezione ricominciata o di un'altra versione, \
        lo stesso diario due volte, un file cambiato senza rifare il sigillo. Non si può vedere \
        chi ha scritto le righe: chi ricalcola stati e sigillo può togliere gli aiuti, cambiare \
        quanto era sicuro, mettere risposte giuste al posto delle sbagliate, prendere le righe di \
        un altro. Un voto che conta si dà in classe.
        """,
      en: """
        A result is the file that a finished lesson leaves in passo/lessons, in $XDG_STATE_HOME or \
        ~/.local/state. Its lines write and read no files. The exit status is 1 if a file is not \
        what it says it is.

        What is seen: a line that the lesson does not allow, lines that do not lead to the states \
        or the score that are written, a state that is missing, a lesson begun again or of another \
        version, the same record twice, a file changed without a new seal. What cannot be seen is \
        who wrote the lines: who computes states and seal anew can take hints out, change how sure \
        they were, put right answers in the place of wrong ones, take another's lines. A mark that \
        counts is given in class.
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

  @Option(
    it: "Secondi che un file può prendersi al più.",
    en: "Seconds that one file may take at most.",
    parser: ValueParser.whole(1...86_400)
  )
  var seconds = 120

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    let front = FrontEnd(speech)
    Interrupt.watch(unanswered: .ends)
    let reservation = try csv.map { try AtomicFile.Reservation($0) }
    defer { withExtendedLifetime(reservation) {} }
    try csv.map(LessonGrade.expectTable)
    var grader = LessonGrader(
      limit: .seconds(seconds),
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
