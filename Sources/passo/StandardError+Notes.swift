// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoText

extension ModelFolder {
  /// Says on standard error what is good to know of the folder: what in it is not obeyed.
  func sayNotes(_ language: Language) {
    StandardError.say(description.notes.map(\.text), language)
  }
}

extension OpenedTokenizer {
  /// The same of a tokenizer in a file.
  func sayNotes(_ language: Language) { StandardError.say(notes.map(\.text), language) }
}

extension StandardError {
  /// Writes sentences, a line each.
  static func say(_ notes: [Bilingual?], _ language: Language) {
    for note in notes.compactMap(\.self) { write(note[language] + "\n") }
  }
}
