// SPDX-License-Identifier: MIT
import PassoText

/// What a file of rules says besides its rules, held against the language.
struct FieldCheck {
  private(set) var classes: [TokenID: ToyLanguage.WordClass] = [:]
  private(set) var example: String?
  private(set) var questions: [ToyLanguage.Question] = []

  private let oracle: Oracle

  /// Checks all fields.
  ///
  /// - Throws: `GrammarProblem` for the first that does not suit the language.
  init(_ fields: GrammarFields, _ oracle: Oracle) throws(GrammarProblem) {
    self.oracle = oracle
    for (name, field) in fields.texts.sorted(by: { $0.value.line < $1.value.line }) {
      do throws(GrammarFault) { try check(field, name) } catch {
        throw GrammarProblem(error, line: field.line)
      }
    }
    for question in fields.questions {
      do throws(GrammarFault) { questions.append(try self.question(question)) } catch {
        throw GrammarProblem(error, line: question.line)
      }
    }
  }

  private mutating func check(
    _ field: GrammarFields.Text,
    _ name: String
  ) throws(GrammarFault) {
    guard !field.words.isEmpty else { throw .fieldWithoutText(name) }
    if name == "example" {
      let text = field.words.joined(separator: " ")
      guard oracle.isGrammatical(try beginning(text, name) + [oracle.language.id(of: .end)]) else {
        throw .unfinished(field: name, text)
      }
      example = text
    }
    guard let kind = GrammarFields.classes.first(where: { $0.key == name })?.value else { return }
    for word in field.words {
      let id = try id(of: word, name)
      if classes.updateValue(kind, forKey: id) != nil { throw .twoClasses(word, field: name) }
    }
  }

  /// The ids of words with which a sentence may begin.
  private func beginning(_ text: String, _ field: String) throws(GrammarFault) -> [TokenID] {
    do throws(LanguageProblem) {
      let tokens = try oracle.tokens(of: text)
      _ = try oracle.distribution(after: tokens)
      return tokens
    } catch {
      throw .notASentence(field: field, error)
    }
  }

  private func id(of word: String, _ field: String) throws(GrammarFault) -> TokenID {
    let vocabulary = oracle.language.tokenizer.vocabulary
    if SpecialToken(rawValue: word) == nil, let id = vocabulary.id(of: word) { return id }
    throw .unknownWord(word, field: field, closest: vocabulary.closest(to: word))
  }

  private func question(
    _ question: GrammarFields.Question
  ) throws(GrammarFault) -> ToyLanguage.Question {
    let tokens = try beginning(question.prefix, GrammarFields.question)
    // A model is asked within a row.
    guard tokens.count < oracle.rowLength else {
      throw .sentencesTooLong(limit: oracle.rowLength)
    }
    func words(_ part: String) throws(GrammarFault) -> [String] {
      let words = question.parts[part]?.words ?? []
      guard !words.isEmpty else { throw .questionWithout("\(part):") }
      for word in words { _ = try id(of: word, part) }
      // One that stands there twice is no more probable.
      return words.enumerated().filter { !words[..<$0.offset].contains($0.element) }.map(\.element)
    }
    let (right, wrong) = (try words("right"), try words("wrong"))
    let texts = question.parts.mapValues { $0.words.joined(separator: " ").printable }
    guard let it = texts["it"] ?? texts["en"], let en = texts["en"] ?? texts["it"] else {
      throw .questionWithout("it:")
    }
    return ToyLanguage.Question(
      prefix: question.prefix,
      right: right,
      wrong: wrong,
      tests: Bilingual(it: it, en: en)
    )
  }
}
