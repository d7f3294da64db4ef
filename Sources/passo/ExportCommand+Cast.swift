// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoFiles
import PassoShell
import PassoText
import PassoView

extension ExportCommand {
  /// Whether a name asks for the recording of a terminal.
  static func isCast(_ out: String) -> Bool { out.hasSuffix(".cast") }

  /// Takes the lesson, or repeats the session, and writes what a terminal would have shown.
  ///
  /// - Throws: What the lesson or the session throws, `ExitCode` if it was interrupted, or
  ///   `FileProblem`.
  func writeCast(_ front: FrontEnd, to out: String) throws {
    let reservation = try AtomicFile.Reservation(out)
    defer { withExtendedLifetime(reservation) {} }
    let line = ProgressLine(front.console(), patience: .zero)
    line.show(isRare: true) { Bilingual(same: out) }
    let shell = try front.shell(quiet: true)
    // What Enter would do is no part of what was shown.
    shell.console.showsHints = true
    defer { line.end() }
    try shell.take(lesson: lesson, session: session, in: front.language)
    line.end()
    if Interrupt.isPending { throw ExitCode(Interrupt.status) }
    let title = try lesson.map { try front.title(ofLesson: $0)[front.language] } ?? session ?? ""
    let opening = "passo " + (lesson.map { "lesson \($0)" } ?? "replay \(session ?? "")")
    let cast = Asciicast(
      opening: "\(opening) --lang \(front.language.rawValue)",
      parts: shell.console.transcript.castParts(isOver: true),
      front.language
    )
    try TextFile.write(cast.json(title: "Passo: \(title)"), to: out)
    let place = Bilingual.quoted(out)
    let said = Bilingual(
      it: "\(place.it): asciinema play lo mostra",
      en: "\(place.en): asciinema play shows it"
    )
    print(said[front.language])
  }
}
