// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoText

extension Command {
  static let record = CommandDescription(
    name: "record",
    group: .session,
    arguments: "[FILE [replace] | off]",
    it: "registra la sessione in un file che si può ripetere",
    en: "records the session in a file that can be replayed",
    details: Bilingual(
      it: "Il file contiene le righe riuscite, anche quelle di prima, e dopo ogni cambiamento"
        + " l'impronta dello stato. Lo ripetono :replay, passo replay e passo < FILE. Senza"
        + " argomenti dice se si registra; off smette.",
      en: "The file holds the lines that succeeded, those before too, and after each change the"
        + " fingerprint of the state. :replay, passo replay and passo < FILE repeat it. Without"
        + " arguments it says whether it records; off stops."
    ),
    examples: [
      ":record sessione.passo", ":step", ":record", ":record off",
      ":record sessione.passo replace",
    ],
    completion: .path(.file, or: ["off"], then: ["replace"]),
    writesFiles: true
  )
  .host { shell, arguments in
    try arguments.expect(atMost: 2)
    if let word = arguments.words.first {
      if word.text == "off", !word.isQuoted {
        try arguments.expect(atMost: 1)
        return shell.stopRecording()
      }
      try arguments.placing(word) { try shell.startRecording(word.text, try arguments.replaces()) }
    }
    shell.console.say(shell.recordingState)
  }

  static let replay = CommandDescription(
    name: "replay",
    group: .session,
    arguments: "FILE",
    it: "ripete una sessione registrata e confronta gli stati",
    en: "repeats a recorded session and compares the states",
    details: Bilingual(
      it:
        "Comincia una sessione nuova ed esegue il file riga per riga; si ferma alla prima impronta"
        + " diversa, e la sessione resta lì. Ctrl-C ferma fra due righe.",
      en: "It begins a new session and runs the file line by line; it stops at the first"
        + " fingerprint that differs, and the session stays there. Ctrl-C stops between lines."
    ),
    examples: [
      ":record sessione.passo replace", ":step 3", ":record off", ":replay sessione.passo",
    ],
    completion: .path(.file)
  )
  .steer { shell, arguments in
    let word = try arguments.only(it: "un file", en: "a file")
    let result = try arguments.placing(word) { try shell.replay(word.text) }
    shell.console.say(result.summary(word.text))
  }
}

extension Shell {
  fileprivate func startRecording(_ path: String, _ replaces: Bool) throws {
    try context.writing(path) { place in
      if try !context.isInSandbox(place) && TextFile.isThere(place) {
        guard SessionFile.isOne(at: place) else { throw RecordProblem.otherFile(path) }
        guard replaces else { throw RecordProblem.fileThere(path) }
      }
      try journal.record(to: place, session)
    }
  }

  fileprivate func stopRecording() {
    guard let recorder = journal.recorder else { return console.say(recordingState) }
    journal.recorder = nil
    console.say(
      it: "registrazione chiusa: \(recorder.path), righe: \(recorder.count)",
      en: "recording ended: \(recorder.path), lines: \(recorder.count)"
    )
  }

  fileprivate var recordingState: Bilingual {
    guard let recorder = journal.recorder else {
      return Bilingual(it: "nessuna registrazione in corso", en: "nothing is being recorded")
    }
    return Bilingual(
      it: "registrazione in corso su \(recorder.path), righe: \(recorder.count)",
      en: "recording in \(recorder.path), lines: \(recorder.count)"
    )
  }
}

/// Why a recording cannot begin.
private enum RecordProblem: WordedProblem {
  case fileThere(String)

  /// A file that no recording has made.
  case otherFile(String)

  var wording: Wording {
    switch self {
    case .fileThere(let path):
      Bilingual(it: "\(it: path) esiste già", en: "\(en: path) is there already").hint(
        it: ":record \(path) replace lo sostituisce",
        en: ":record \(path) replace takes its place"
      )
    case .otherFile(let path):
      Bilingual(
        it: "\(it: path) non è una sessione registrata, e non viene sostituito",
        en: "\(en: path) is no recorded session, and is not replaced"
      ).hint(.otherName)
    }
  }
}
