// SPDX-License-Identifier: MIT
import PassoText

/// Why a file holds no rules of a language, and where in it.
package struct GrammarProblem: WordedProblem, Hashable {
  package let fault: GrammarFault

  /// The line, from 1; nil if it is all of them together.
  package let line: Int?

  /// The file as a person named it; nil for rules that are in no file.
  package var file: String?

  init(_ fault: GrammarFault, line: Int?) {
    (self.fault, self.line) = (fault, line)
  }

  package var wording: Wording { fault.wording }
  package var place: Place? { Place(file: file, line: line) }
}

/// What is wrong with the rules of a language.
package enum GrammarFault: Error, Hashable {
  // MARK: Lines

  case noRules
  case noSentence(closest: String?)
  case notALine(String)
  case noEquals(String)
  case indentedRule(String)
  case unknownField(String, closest: String?)
  case duplicateField(String, first: Int)
  case fieldWithoutText(String)
  case unclosedName(String)
  case unclosedQuote
  case notAWord(String)
  case specialToken(String)

  // MARK: Alternatives

  case emptyAlternative(String)
  case badProbability(String)
  case mixedProbabilities(String)
  case sum(String, Double)

  // MARK: Rules together

  case duplicateRule(String, first: Int)
  case unknownRule(String, closest: String?)
  case unusedRule(String)
  case endlessRule(String)
  case recursionInside(String, through: String)
  case recursionWithoutWords(String)
  case emptySentence

  // MARK: Sizes

  case tooManyWords(limit: Int)
  case tooManyStates(limit: Int)
  case tooManyWays(limit: Int)
  case tooImprobable(String)
  case sentencesTooLong(limit: Int)

  // MARK: Fields

  case notASentence(field: String, LanguageProblem)
  case unfinished(field: String, String)
  case unknownWord(String, field: String, closest: String?)
  case twoClasses(String, field: String)
  case questionWithout(String)
}

extension GrammarFault {
  var wording: Wording {
    switch self {
    case .noRules, .noSentence, .notALine, .noEquals, .indentedRule, .unknownField, .duplicateField,
      .fieldWithoutText, .unclosedName, .unclosedQuote, .notAWord, .specialToken:
      lineWording
    case .emptyAlternative, .badProbability, .mixedProbabilities, .sum, .duplicateRule,
      .unknownRule, .unusedRule, .endlessRule, .recursionInside, .recursionWithoutWords,
      .emptySentence:
      ruleWording
    case .tooManyWords, .tooManyStates, .tooManyWays, .tooImprobable, .sentencesTooLong,
      .notASentence, .unfinished, .unknownWord, .twoClasses, .questionWithout:
      languageWording
    }
  }

  // MARK: Lines

  private var lineWording: Wording {
    switch self {
    case .noSentence(let closest):
      Bilingual(
        it: "ci vuole la regola <sentence>, da cui comincia ogni frase, e non c'è",
        en: "needs the rule <sentence>, with which every sentence begins, got none"
      ).hint(
        closest.map {
          Bilingual(
            it: "se è <\($0.short)>, chiamala <sentence>",
            en: "if it is <\($0.short)>, call it <sentence>"
          )
        } ?? Self.example
      )
    case .notALine(let found):
      Bilingual(
        it: "ci va una regola, un campo o un commento, non \(it: found)",
        en: "needs a rule, a field or a comment, got \(en: found)"
      ).hint(
        it: "il nome di una regola sta fra < e >; la riga che continua una regola è rientrata",
        en: "the name of a rule stands between < and >; a line that continues a rule is indented"
      )
    case .noEquals(let name):
      Bilingual(
        it: "dopo il nome della regola <\(name.short)> ci vuole il segno =",
        en: "needs the sign = after the name of the rule <\(name.short)>"
      ).hint(
        it: "una riga che continua la regola di prima è rientrata",
        en: "a line that continues the rule before is indented"
      )
    case .indentedRule(let name):
      Bilingual(
        it: "la regola <\(name.short)> comincia con degli spazi, e continuerebbe quella di prima",
        en: "the rule <\(name.short)> begins with blanks, and would continue the one before"
      ).hint(it: "togli gli spazi davanti", en: "take the blanks away")
    case .unknownField(let name, let closest):
      Bilingual(
        it: "il campo \(it: name) non esiste",
        en: "there is no field \(en: name)"
      ).hint(
        closest.map(Bilingual.didYouMean)
          ?? Bilingual(
            it: "i campi sono \(GrammarFields.names.joined(separator: ", "))",
            en: "the fields are \(GrammarFields.names.joined(separator: ", "))"
          )
      )
    case .duplicateField(let name, let first):
      Bilingual(
        it: "il campo \(it: name) c'è già, alla riga \(first)",
        en: "needs one field \(en: name), there is one in line \(first) already"
      ).hint(it: "togli uno dei due", en: "take one of them out")
    case .fieldWithoutText(let name):
      Bilingual(it: "il campo \(it: name) è vuoto", en: "the field \(en: name) is empty")
        .hint(it: "scrivi qualcosa dopo i due punti", en: "write something after the colon")
    case .unclosedName(let found):
      Bilingual(
        it: "il nome di una regola sta fra < e >, senza spazi, e qui c'è \(it: found)",
        en: "needs the name of a rule between < and >, without blanks, got \(en: found)"
      ).hint(
        it: "il segno < come parola va fra virgolette: \"<\"",
        en: "the sign < as a word needs quotation marks: \"<\""
      )
    case .unclosedQuote:
      Bilingual(it: "le virgolette non sono chiuse", en: "the quotation mark is not closed")
        .hint(it: "aggiungi \" dopo la parola", en: "add \" after the word")
    case .notAWord(let found):
      Bilingual(it: "in \(it: found) non c'è una parola", en: "there is no word in \(en: found)")
        .hint(it: "niente si scrive ()", en: "nothing is written ()")
    case .specialToken(let name):
      Bilingual(
        it: "\(name) è un token speciale, non una parola né una regola",
        en: "\(name) is a special token, no word and no rule"
      ).hint(
        it: "<end> viene da sé alla fine di <sentence>; per una regola scegli un altro nome",
        en: "<end> comes by itself at the end of <sentence>; choose another name for a rule"
      )
    default:
      Bilingual(
        it: "ci vogliono delle regole, e qui non ce n'è nessuna",
        en: "needs rules of a language, got none"
      ).hint(Self.example)
    }
  }

  private static let example = Bilingual(
    it: "per esempio <sentence> = Il gatto dorme | La gatta dorme",
    en: "for example <sentence> = The cat sleeps | The dog sleeps"
  )
}

extension String {
  /// A name in a sentence that has marks of its own around it.
  fileprivate var short: String { String(printable.prefix(60)) }
}

// MARK: - Rules

extension GrammarFault {
  private var ruleWording: Wording {
    switch self {
    case .emptyAlternative(let name):
      Bilingual(
        it: "un'alternativa della regola <\(name.short)> è vuota",
        en: "an alternative of the rule <\(name.short)> is empty"
      ).hint(it: "niente si scrive ()", en: "nothing is written ()")
    case .badProbability(let found):
      Bilingual(
        it: "una probabilità è un numero fra 0 e 1, e almeno 1e-9, non \(it: found)",
        en: "needs a probability between 0 and 1, and at least 1e-9, got \(en: found)"
      ).hint(
        it: "se è una parola va fra virgolette: \"\(found.short)\"",
        en: "if it is a word it needs quotation marks: \"\(found.short)\""
      )
    case .mixedProbabilities(let name):
      Bilingual(
        it: "nella regola <\(name.short)> solo alcune alternative hanno una probabilità",
        en: "in the rule <\(name.short)> only some alternatives have a probability"
      ).hint(
        it: "scrivila a tutte, o a nessuna: allora sono tutte ugualmente probabili",
        en: "write one for all of them, or for none: then all are equally probable"
      )
    case .sum(let name, let sum):
      Bilingual(
        it: "le probabilità della regola <\(name.short)> devono sommare a 1, sommano a"
          + " \(NumberText.general(sum, digits: 9).it)",
        en: "the probabilities of the rule <\(name.short)> need to sum to 1, they sum to"
          + " \(NumberText.general(sum, digits: 9).en)"
      ).hint(
        it: "i terzi si scrivono 1/3; senza numeri le alternative sono ugualmente probabili",
        en: "a third is written 1/3; without numbers all alternatives are equally probable"
      )
    case .duplicateRule(let name, let first):
      Bilingual(
        it: "la regola <\(name.short)> c'è già, alla riga \(first)",
        en: "needs one rule <\(name.short)>, there is one in line \(first) already"
      ).hint(
        it: "mettile in una sola, con | fra le alternative",
        en: "make one of them, with | between the alternatives"
      )
    case .unknownRule(let name, let closest):
      Bilingual(
        it: "non c'è una regola <\(name.short)>",
        en: "there is no rule <\(name.short)>"
      ).hint(
        closest.map { .didYouMean("<\($0)>") }
          ?? Bilingual(it: "scrivi <\(name.short)> = …", en: "write <\(name.short)> = …")
      )
    case .unusedRule(let name):
      Bilingual(
        it: "la regola <\(name.short)> non serve a nessuna frase",
        en: "no sentence uses the rule <\(name.short)>"
      ).hint(
        it: "usala in un'altra regola, o mettile # davanti",
        en: "use it in another rule, or put # before it"
      )
    case .endlessRule(let name):
      Bilingual(
        it: "la regola <\(name.short)> non finisce mai: ogni alternativa ne chiama un'altra",
        en: "the rule <\(name.short)> never ends: every alternative leads to another one"
      ).hint(
        it: "aggiungi un'alternativa di sole parole, o ()",
        en: "add an alternative of words only, or ()"
      )
    default: recursionWording
    }
  }

  private var recursionWording: Wording {
    switch self {
    case .recursionInside(let name, let through):
      Bilingual(
        it: "<\(through.short)> riporta alla regola <\(name.short)> e poi viene altro: le frasi"
          + " annidate senza limite non si possono calcolare esattamente",
        en: "<\(through.short)> leads back to the rule <\(name.short)> and something comes after"
          + " it: sentences nested without limit cannot be computed exactly"
      ).hint(
        it: "mettilo per ultimo nell'alternativa, o scrivi una regola per ogni livello: <a1>, <a2>",
        en: "put it last in the alternative, or write a rule for each level: <a1>, <a2>"
      )
    case .recursionWithoutWords(let name):
      Bilingual(
        it: "la regola <\(name.short)> può tornare a sé stessa senza una parola",
        en: "the rule <\(name.short)> can come back to itself without a word"
      ).hint(
        it: "metti una parola davanti a ciò che riporta alla regola",
        en: "put a word before what leads back to the rule"
      )
    default:
      Bilingual(
        it: "ogni frase deve avere almeno una parola, e <sentence> può non averne",
        en: "every sentence needs a word at least, <sentence> may have none"
      ).hint(it: "togli () da dove basta da solo", en: "take () out where it may stand alone")
    }
  }
}

// MARK: - The language

extension GrammarFault {
  private var languageWording: Wording {
    switch self {
    case .tooManyWords(let limit):
      Bilingual(
        it: "una lingua giocattolo ha al massimo \(NumberText.count(limit)) parole, questa di più",
        en: "a toy language has at most \(NumberText.count(limit)) words, this one has more"
      ).hint(
        it: "da un testo vero si impara così com'è, senza regole",
        en: "a real text is learned from as it is, without rules"
      )
    case .tooManyStates(let limit):
      Bilingual(
        it: "queste regole vogliono più di \(NumberText.count(limit)) stati: sono troppe per"
          + " calcolare tutto esattamente",
        en: "these rules need more than \(NumberText.count(limit)) states: too many to compute"
          + " everything exactly"
      ).hint(Self.smaller)
    case .tooManyWays(let limit):
      Bilingual(
        it: "queste regole hanno più di \(NumberText.count(limit)) possibilità: sono troppe per"
          + " calcolare tutto esattamente",
        en: "these rules have more than \(NumberText.count(limit)) possibilities: too many to"
          + " compute everything exactly"
      ).hint(Self.smaller)
    case .tooImprobable(let word):
      Bilingual(
        it: "la parola \(it: word) è da qualche parte meno probabile di 1e-300",
        en: "the word \(en: word) is less probable than 1e-300 somewhere"
      ).hint(it: "usa probabilità più grandi", en: "use larger probabilities")
    case .sentencesTooLong(let limit):
      Bilingual(
        it: "le frasi sono troppo lunghe: di parole oltre la \(NumberText.count(limit))ª ce n'è più"
          + " di una su 10 000",
        en: "the sentences are too long: more than one word in 10 000 comes after number"
          + " \(NumberText.count(limit))"
      ).hint(
        it: "rendi più probabile ciò che finisce la frase",
        en: "make what ends a sentence more probable"
      )
    case .notASentence(let field, let problem):
      (Bilingual(it: "\(it: field) non va: ", en: "\(en: field) does not do: ") + problem.message)
        .hint(problem.hint)
    case .unfinished(let field, let text):
      Bilingual(
        it: "\(it: field) dev'essere una frase intera, e \(it: text) non lo è",
        en: "\(en: field) needs to be a whole sentence, \(en: text) is not"
      ).hint(it: "<end> non si scrive", en: "<end> is not written")
    case .unknownWord(let word, let field, let closest):
      Bilingual(
        it: "\(it: word), in \(it: field), non è una parola della lingua",
        en: "needs words of the language in \(en: field), got \(en: word)"
      ).hint(
        closest.map(Bilingual.didYouMean)
          ?? Bilingual(it: "le parole sono quelle delle regole", en: "words are those of the rules")
      )
    case .twoClasses(let word, let field):
      Bilingual(
        it: "\(it: word) sta già in un'altra lista, e qui in \(it: field)",
        en: "\(en: word) stands in another list already, and here in \(en: field)"
      ).hint(it: "lasciala in una sola", en: "leave it in one of them")
    default:
      Bilingual(
        it: "alla domanda manca \(it: missing)",
        en: "the question needs \(en: missing), got none"
      ).hint(
        it: "sotto question: vanno, rientrati, right:, wrong: e it: o en:",
        en: "under question: go, indented, right:, wrong: and it: or en:"
      )
    }
  }

  private static let smaller = Bilingual(
    it: "togli alternative che cominciano con le stesse parole, o livelli",
    en: "take out alternatives that begin with the same words, or levels"
  )

  private var missing: String {
    if case .questionWithout(let field) = self { field } else { "" }
  }
}
