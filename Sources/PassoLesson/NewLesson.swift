// SPDX-License-Identifier: MIT

import PassoText

/// A lesson to begin with: one that works and has a block of every kind, to write over.
package struct NewLesson: Sendable, Hashable {
  /// The name of its folder, as `17-topic`.
  package let name: String

  private let number: Int
  private let title: String

  /// Reads a name.
  ///
  /// - Parameters:
  ///   - name: Two digits from 01, a dash, then words of small letters and digits with dashes
  ///     between them.
  ///   - title: Without one the topic is the title.
  ///   - names: The lessons that are there.
  /// - Throws: `NewLessonProblem` if the name is none, or the number is taken.
  package init(
    name: String,
    title: String?,
    besides names: [String]
  ) throws(NewLessonProblem) {
    guard let match = name.wholeMatch(of: /([0-9]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)/),
      let number = Int(match.1), number > 0
    else { throw .badName(name) }
    if let other = names.first(where: { $0.hasPrefix("\(match.1)-") && $0 != name }) {
      throw .takenNumber(String(match.1), by: other)
    }
    self.name = name
    self.number = number
    let topic = match.2.split(separator: "-").joined(separator: " ")
    // A title is one line of the file.
    let given = title?.split(whereSeparator: \.isNewline).joined(separator: " ").trimmed ?? ""
    self.title = given.isEmpty ? topic.prefix(1).uppercased() + topic.dropFirst() : given
  }

  /// The text of its file in a language.
  package func text(_ language: Language) -> String {
    let bytes =
      switch language {
      case .it: PackageResources.new_lesson_it_md
      case .en: PackageResources.new_lesson_en_md
      }
    let template = String(decoding: bytes, as: UTF8.self)
    let values = [
      "id": Self.id(number), "title": title, "requires": number > 1 ? Self.id(number - 1) : "",
      "before": Self.id(number - 1), "earlier": Self.id(LessonLint.recalled(by: number).last ?? 1),
      "fact": "F" + Self.id(number).dropFirst(),
    ]
    let text = values.reduce(withoutRecalls(template)) { text, entry in
      text.replacing("{{\(entry.key)}}", with: entry.value)
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.last == " " ? String($0.dropLast()) : String($0) }.joined(separator: "\n")
  }

  /// The template without its marks, and in a first lesson without questions about earlier ones.
  private func withoutRecalls(_ template: String) -> String {
    let parts = template.split(separator: "{{recalls}}\n", maxSplits: 1)
    guard parts.count == 2 else { return template }
    let rest = parts[1].split(separator: "{{end}}\n", maxSplits: 1)
    guard rest.count == 2 else { return template }
    return String(parts[0] + (number > 1 ? rest[0] : "") + rest[1])
  }

  private static func id(_ number: Int) -> String { number < 10 ? "L0\(number)" : "L\(number)" }
}

/// Why no lesson is made.
package enum NewLessonProblem: WordedProblem, Hashable {
  case badName(String)

  /// Another lesson has the number.
  case takenNumber(String, by: String)

  /// Something has the name of the folder.
  case alreadyThere(String)

  package var wording: Wording {
    switch self {
    case .badName(let name):
      Bilingual(
        it: "una lezione nuova non può chiamarsi \(it: name)",
        en: "a new lesson cannot be called \(en: name)"
      ).hint(
        it: "due cifre da 01, un trattino e l'argomento in lettere minuscole: 21-attention",
        en: "two digits from 01, a dash and the topic in small letters: 21-attention"
      )
    case .takenNumber(let number, let other):
      Bilingual(
        it: "il numero \(number) ce l'ha già la lezione \(it: other)",
        en: "lesson \(en: other) has the number \(number) already"
      ).hint(it: "scegli un altro numero", en: "choose another number")
    case .alreadyThere(let folder):
      Bilingual(
        it: "\(it: folder) c'è già, e resta com'è",
        en: "\(en: folder) is there already, and stays as it is"
      ).hint(
        it: "scegli un altro nome, o modifica quella lezione",
        en: "choose another name, or change that lesson"
      )
    }
  }
}
