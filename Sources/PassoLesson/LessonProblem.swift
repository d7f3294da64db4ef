// SPDX-License-Identifier: MIT

import PassoText

/// What is wrong with a lesson.
package struct LessonProblem: Problem, Hashable {
  package enum Kind: Sendable, Hashable {
    case noHeader
    case headerLine(String)
    case unknownKey(String, known: [String])
    case missingKey(String)
    case badValue(key: String, value: String, needs: Bilingual)
    case unknownBlock(String, closest: String?)
    case unknownAttribute(String, block: String, known: [String])
    case missingAttribute(String, block: String)
    case emptyBlock(String)
    case duplicateID(String)
    case danglingReference(String, block: String)
    case badFact(String)
    case noAnswer
    case emptyHint
    case badOption(String)
    case rightOptions(Int)
    case missingFeedback(String)
    case valueOfFlag(String)
    case unknownLineKey(String, known: [String])
    case emptyLine(String)
    case strayText(String, below: String)
    case noReply(String)
    case repliesToOptions
    case secondAnswer
    case missingLine(String, block: String)
    case noTask
    case updatesOfFade
    case badBlank(String)
    case noBlank
    case noSuchLesson(String, known: [String])
    case noLessons(String)
    case ambiguousLesson(String, [String])
  }

  package let kind: Kind
  package let place: Place?

  package init(_ kind: Kind, file: String? = nil, line: Int? = nil) {
    self.kind = kind
    place = file == nil ? nil : Place(file: file, line: line)
  }

  package var message: Bilingual {
    switch kind {
    case .noHeader:
      Bilingual(
        it: "una lezione comincia con righe «chiave: valore» fra due «---»",
        en: "a lesson begins with lines 'key: value' between two '---'"
      )
    case .headerLine(let line):
      Bilingual(
        it: "qui va «chiave: valore», non \(it: line)",
        en: "needs 'key: value', got \(en: line)"
      )
    case .unknownKey(let key, let known):
      Bilingual(
        it: "le chiavi sono \(known.joined(separator: ", ")), non \(it: key)",
        en: "the keys are \(known.joined(separator: ", ")), got \(en: key)"
      )
    case .missingKey(let key):
      Bilingual(it: "manca la chiave \(it: key)", en: "the key \(en: key) is missing")
    case .badValue(let key, let value, let needs):
      Bilingual(
        it: "\(it: key) vuole \(needs.it), non \(it: value)",
        en: "\(en: key) needs \(needs.en), got \(en: value)"
      )
    case .unknownBlock(let name, _):
      Bilingual(it: "nessun blocco si chiama \(it: name)", en: "no block is called \(en: name)")
    case .unknownAttribute(let name, let block, let known):
      Bilingual(
        it: "\(it: block) conosce \(known.joined(separator: ", ")), non \(it: name)",
        en: "\(en: block) knows \(known.joined(separator: ", ")), got \(en: name)"
      )
    case .missingAttribute(let name, let block):
      Bilingual(it: "\(it: block) vuole \(name)=…", en: "\(en: block) needs \(name)=...")
    case .emptyBlock(let block):
      Bilingual(it: "il blocco \(it: block) è vuoto", en: "the block \(en: block) is empty")
    case .duplicateID(let id):
      Bilingual(it: "l'id \(it: id) c'è già", en: "the id \(en: id) is taken")
    case .danglingReference(let id, let block):
      Bilingual(
        it: "\(it: block) rimanda a \(it: id), ma nessun passo-run si chiama così",
        en: "\(en: block) refers to \(en: id), but no passo-run has that id"
      )
    case .badFact(let line):
      Bilingual(
        it: "un fatto è «ID CLASSE ESPRESSIONE», non \(it: line)",
        en: "a fact is 'ID CLASS EXPRESSION', got \(en: line)"
      )
    case .emptyHint: Bilingual(it: "«hint:» senza aiuto", en: "'hint:' without a hint")
    case .noAnswer:
      Bilingual(
        it: "una previsione finisce con «answer: ESPRESSIONE»",
        en: "a prediction ends with 'answer: EXPRESSION'"
      )
    case .badOption(let text):
      Bilingual(
        it: "un'opzione è «- [ ] a  testo», non \(it: text)",
        en: "an option is '- [ ] a  text', got \(en: text)"
      )
    case .rightOptions(let count):
      Bilingual(
        it: "un'opzione sola dev'essere giusta, qui sono \(count)",
        en: "exactly one option must be right, got \(count)"
      )
    case .missingFeedback(let letter):
      Bilingual(
        it: "l'opzione sbagliata \(it: letter) vuole una spiegazione",
        en: "the wrong option \(en: letter) needs an explanation"
      )
    case .valueOfFlag(let name):
      Bilingual(
        it: "\(it: name) sta da solo, senza «=»",
        en: "\(en: name) stands alone, without '='"
      )
    case .unknownLineKey(let key, let known):
      Bilingual(
        it: "le righe qui cominciano con \(Self.keys(known)), non \(it: "\(key):")",
        en: "lines here begin with \(Self.keys(known)), got \(en: "\(key):")"
      )
    case .emptyLine(let key):
      Bilingual(it: "dopo «\(key):» non c'è niente", en: "nothing follows '\(key):'")
    case .strayText(let text, let key):
      Bilingual(
        it: "sotto «\(key):» non va nessun testo: c'è \(it: text)",
        en: "no text belongs below '\(key):', got \(en: text)"
      )
    case .noReply(let key):
      Bilingual(
        it: "sotto «\(key): ESPRESSIONE» va scritto, rientrato, che cosa dire a chi sbaglia così",
        en: "below '\(key): EXPRESSION' must stand, indented, what to say to who errs like that"
      )
    case .repliesToOptions:
      Bilingual(
        it: "«wrong:» vale per i numeri e i segni: ogni opzione ha già la sua spiegazione",
        en: "'wrong:' is for numbers and signs: each option has its explanation already"
      )
    case .secondAnswer:
      Bilingual(
        it: "una previsione ha un solo «answer:»",
        en: "a prediction has one 'answer:' only"
      )
    case .missingLine(let key, let block):
      Bilingual(
        it: "\(it: block) vuole almeno una riga «\(key): …»",
        en: "\(en: block) needs at least one line '\(key): ...'"
      )
    case .noTask:
      Bilingual(
        it: "l'esercizio non dice che cosa fare",
        en: "the exercise does not say what to do"
      )
    case .updatesOfFade:
      Bilingual(
        it: "updates vale solo per un esercizio con «check:», non per uno con fade",
        en: "updates is for an exercise with 'check:' only, not for one with fade"
      )
    case .badBlank(let line):
      Bilingual(
        it: "un vuoto si scrive ⟦così⟧, non \(it: line)",
        en: "a blank is written ⟦so⟧, got \(en: line)"
      )
    case .noBlank:
      Bilingual(
        it: "un esercizio con fade vuole righe «line: …» con dei vuoti, ⟦scritti così⟧",
        en: "an exercise with fade needs lines 'line: ...' with blanks, ⟦written so⟧"
      )
    case .noSuchLesson(let name, _):
      Bilingual(it: "nessuna lezione si chiama \(it: name)", en: "no lesson is called \(en: name)")
    case .noLessons(let folder):
      Bilingual(it: "nessuna lezione in \(it: folder)", en: "no lessons in \(en: folder)")
    case .ambiguousLesson(let name, let candidates):
      Bilingual(
        it: "\(it: name) può essere \(candidates.joined(separator: ", "))",
        en: "\(en: name) may be \(candidates.joined(separator: ", "))"
      )
    }
  }

  private static func keys(_ names: [String]) -> String {
    names.map { "\($0):" }.joined(separator: ", ")
  }

  package var hint: Bilingual? {
    switch kind {
    case .unknownLineKey(let key, let known):
      Suggestion.closest(to: key, among: known).map { .didYouMean("\($0):") }
    case .unknownBlock(_, let closest?): .didYouMean(closest)
    case .noSuchLesson(let name, let known):
      Suggestion.closest(to: name, among: known).map(Bilingual.didYouMean) ?? .lessons(known)
    case .ambiguousLesson: Bilingual(it: "scrivi una lettera in più", en: "type one more letter")
    case .noLessons:
      Bilingual(it: "PASSO_LESSONS dice dove sono", en: "PASSO_LESSONS says where they are")
    case .badFact:
      Bilingual(
        it: "per esempio F01.1  =  count(mask) == 15",
        en: "for example F01.1  =  count(mask) == 15"
      )
    default: nil
    }
  }
}

extension Bilingual {
  /// Which lessons there are.
  package static func lessons(_ names: [String]) -> Bilingual {
    let list = names.joined(separator: ", ")
    return Bilingual(it: "le lezioni sono \(list)", en: "the lessons are \(list)")
  }
}
