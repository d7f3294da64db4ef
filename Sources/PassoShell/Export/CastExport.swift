// SPDX-License-Identifier: MIT

import PassoFiles
import PassoRuntime
import PassoText
import PassoView

extension ExportFormat {
  /// The session as it went in a terminal.
  static let cast = ExportFormat(
    ending: "cast",
    holds: Bilingual(
      it: "la sessione come si vede in un terminale, da rivedere con asciinema",
      en: "the session as a terminal shows it, to be played by asciinema"
    ),
    isSame: { beginning, _ in
      let header = beginning.prefix { $0 != "\n" }
      return header.hasPrefix("{")
        && ["\"version\"", "\"width\"", "\"height\""]
          .allSatisfy { header.contains($0) }
    },
    write: { shell, request, path in
      try request.arguments.expect(atMost: 1)
      _ = try shell.lastShown()
      let parts = shell.console.transcript.castParts(isOver: false)
      let language = shell.console.language
      let text = try Interruption.attending {
        Asciicast(opening: "passo", parts: parts, language).json(title: "Passo")
      }
      try TextFile.write(text, to: path)
      return nil
    }
  )
}

extension Transcript {
  /// All that was typed and shown, for the recording of a terminal.
  ///
  /// - Parameter isOver: Whether the last line has ended too.
  /// - Returns: A part for each line.
  package func castParts(isOver: Bool) -> [Asciicast.Part] {
    (isOver ? entries : entries.dropLast()).map { entry in
      Asciicast.Part(prompt: entry.prompt, line: entry.line, figures: entry.figures)
    }
  }
}

extension Asciicast {
  /// The file: asciicast, version 2.
  ///
  /// Format: https://docs.asciinema.org/manual/asciicast/v2/
  ///
  /// - Parameter title: What players call it.
  /// - Returns: A header and an event a line, each JSON.
  package func json(title: String) -> String {
    let header = JSONText.object([
      ("version", "2"), ("width", "\(Self.size.columns)"), ("height", "\(Self.size.rows)"),
      ("title", JSONText.string(title)),
      ("env", JSONText.object([("TERM", JSONText.string(Self.terminal))])),
    ])
    let lines = events.map { event in
      let seconds = JSONText.number(Double(event.time) / 1000)
      return JSONText.list([seconds, JSONText.string("o"), JSONText.string(event.output)])
    }
    return ([header] + lines).map { $0 + "\n" }.joined()
  }
}
