// SPDX-License-Identifier: MIT

/// A language in which Passo speaks to people.
package enum Language: String, CaseIterable, Sendable {
  case it
  case en

  /// The language that the environment asks for: `LC_ALL`, else `LC_MESSAGES`, else `LANG`.
  ///
  /// Anything that is not Italian is answered in English.
  package init(environment: [String: String]) {
    let asked =
      ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
      .compactMap { environment[$0] }
      .first { !$0.isEmpty } ?? ""
    self = asked.lowercased().hasPrefix("it") ? .it : .en
  }
}

/// A text that exists in both languages; there is no way to write only one of them.
package struct Bilingual: Hashable, Sendable {
  /// The Italian text.
  package let it: String

  /// The English text.
  package let en: String

  /// Pairs an Italian text with its English twin.
  package init(it: String, en: String) {
    self.it = it
    self.en = en
  }

  /// A text that is the same in both languages, as a formula or a name is.
  package init(same text: String) {
    self.init(it: text, en: text)
  }

  /// The text in one language.
  package subscript(language: Language) -> String {
    switch language {
    case .it: it
    case .en: en
    }
  }
}

extension Bilingual {
  /// The two texts one after the other, in each language.
  package static func + (left: Bilingual, right: Bilingual) -> Bilingual {
    Bilingual(it: left.it + right.it, en: left.en + right.en)
  }
}

extension DefaultStringInterpolation {
  /// There is no text for it before the language is known: `\(text.it)` and `\(text.en)` name it.
  @available(*, deprecated, message: "name the language: .it or .en")
  package mutating func appendInterpolation(_ text: Bilingual) {}
}

extension Sequence<Bilingual> {
  /// All of them, in each language, with something between them that is the same in both.
  package func joined(separator: String) -> Bilingual {
    Bilingual(
      it: map(\.it).joined(separator: separator),
      en: map(\.en).joined(separator: separator)
    )
  }
}
