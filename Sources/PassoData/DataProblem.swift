// SPDX-License-Identifier: MIT
import PassoRuntime
import PassoText

/// Why a text cannot become training data.
package enum DataProblem: WordedProblem, Hashable {
  /// A text with nothing but white space; the count is in Unicode scalars.
  case noWords(scalars: Int)

  /// A text that spells special tokens and nothing else.
  case onlySpecialText

  /// A word that the vocabulary does not have: which word of the text it is (from 1), and where.
  case unknownWord(String, number: Int, known: Int, closest: String?, place: Place)

  /// A character that the vocabulary does not have: which of the text it is (from 1), and where.
  case unknownCharacter(Unicode.Scalar, number: Int, known: Int, place: Place)

  /// A token of a vocabulary of characters that is more than one.
  case longCharacter(String, id: Int)

  /// A token of more bytes than one that is looked for everywhere may have, by its beginning.
  case longToken(String, id: Int, count: Int, limit: Int)

  /// A text of so many bytes that a tokenizer makes longer than any honest one does.
  case growingText(bytes: Int, limit: Int)

  /// Memory for a text on its way through a tokenizer that the system does not give.
  case noMemory(bytes: Int)

  /// A merge, counted from 1, that makes a token which the vocabulary does not have.
  case mergeWithoutToken(String, rank: Int)

  /// An added token whose id is not the one that follows from the vocabulary.
  case addedTokenID(String, found: Int, needed: Int)

  /// A vocabulary smaller than its bytes and special tokens.
  case tooFewForBytes(found: Int, needed: Int)

  /// Fewer tokens than the texts have, and none that stands for those that are left out.
  case tooFewTokensForText(needed: Int, found: Int)

  /// A vocabulary with room for nothing but its special tokens.
  case onlySpecials(count: Int, found: Int)

  /// A token id outside the vocabulary, at a position counted from 0.
  case unknownID(Int, position: Int, known: Int)

  /// A text for a model whose tokenizer is not read, and why it is not.
  case onlyIDs(found: String, reason: Bilingual)

  /// A token of a text that the model of its tokenizer has no embedding for.
  case beyondModel(String, id: Int, known: Int)

  /// A vocabulary without tokens.
  case emptyVocabulary

  /// A token without letters, under the id given.
  case emptyToken(id: Int)

  /// A token that stands in the vocabulary twice, under the ids given.
  case duplicateToken(String, first: Int, second: Int)

  /// More tokens than a vocabulary may hold.
  case vocabularyTooLarge(count: Int, limit: Int)

  /// A sequence too short to hide something of it.
  case tooFewTokens(needed: Int, found: Int)

  /// A batch of no sequences.
  case noSequences

  /// A vocabulary without a special token that an objective needs.
  case missingToken(SpecialToken, objective: String)

  /// A token that the vocabulary does not have, of so many that it has.
  case noSuchToken(String, known: Int, closest: String?)

  /// A row in which nothing follows the token after which targets count, or which lacks it.
  case nothingAfter(String, isThere: Bool)

  /// The same token for texts that are cut into blocks, which need not hold it.
  case afterInBlocks(String)

  package var wording: Wording {
    switch self {
    case .noWords(0):
      Bilingual(
        it: "il testo è vuoto: scrivi almeno una parola",
        en: "needs at least one word, got an empty text"
      ).hint(Self.example)
    case .noWords:
      Bilingual(
        it: "nel testo ci sono solo spazi: scrivi almeno una parola",
        en: "needs at least one word, got only white space"
      ).hint(Self.example)
    case .onlySpecialText:
      Bilingual(
        it: "nel testo ci sono solo token speciali: scrivi almeno una parola",
        en: "needs at least one word, got only special tokens"
      ).hint(Self.example)
    case .unknownWord(let word, let number, let known, let closest, _):
      Bilingual(
        it: "\(it: word), parola \(number) del testo, non è nel vocabolario (\(known) token)",
        en: "needs words of the vocabulary (\(known) tokens), got \(en: word), word \(number) of"
          + " the text"
      ).hint(closest.map(Bilingual.didYouMean) ?? Self.writeKnown)
    case .unknownCharacter(let scalar, let number, let known, _):
      Bilingual(
        it: "\(it: Self.shown(scalar)), carattere \(number) del testo, non è nel vocabolario"
          + " (\(known) token)",
        en: "needs characters of the vocabulary (\(known) tokens), got \(en: Self.shown(scalar)),"
          + " character \(number) of the text"
      ).hint(Self.writeKnown)
    case .unknownID(let id, let position, let known):
      Bilingual(
        it: "gli id vanno da 0 a \(known - 1): il \(id) in posizione \(position) non c'è",
        en: "needs an id from 0 to \(known - 1), got \(id) at position \(position)"
      ).hint(
        it: "ogni tokenizer ha i suoi id: usa quelli di questo",
        en: "every tokenizer has ids of its own: use those of this one"
      )
    case .onlyIDs(let found, let reason):
      Bilingual(
        it: "questo modello conosce i suoi token solo per numero, e \(it: found)"
          + " non è una lista di id: \(reason.it)",
        en: "this model knows its tokens by number only, and \(en: found) is no"
          + " list of ids: \(reason.en)"
      ).hint(
        it: "scrivi gli id, per esempio \"[0, 1, 2]\"; quelli di un testo li fa il suo tokenizer in"
          + " Python",
        en: "write ids, as \"[0, 1, 2]\"; of a text its own tokenizer makes them, in Python"
      )
    case .beyondModel(let token, let id, let known):
      Bilingual(
        it: "il tokenizer dà a \(it: token) l'id \(id), ma il modello conosce solo"
          + " \(NumberText.count(known)) token",
        en: "the tokenizer gives \(en: token) the id \(id), but the model knows"
          + " only \(NumberText.count(known)) tokens"
      ).hint(it: "scrivi il testo senza questo token", en: "write the text without this token")
    case .tooFewTokens(let needed, let found):
      Bilingual(
        it: "servono sequenze di almeno \(needed) token, e qui ce n'è una di \(found)",
        en: "needs sequences of at least \(needed) tokens, got one of \(found)"
      ).hint(it: "prova con un testo più lungo", en: "try a longer text")
    case .noSequences:
      Bilingual(
        it: "non c'è nemmeno una sequenza",
        en: "needs at least one sequence, got 0"
      ).hint(
        it: "scegli un testo con almeno una parola",
        en: "it takes a text of a word at least"
      )
    case .missingToken(let token, let objective):
      Bilingual(
        it: "l'obiettivo \(objective) ha bisogno del token \(token.rawValue), il vocabolario non"
          + " ce l'ha",
        en: "the objective \(objective) needs the token \(token.rawValue), the vocabulary has none"
      ).hint(nil)
    case .noSuchToken, .nothingAfter, .afterInBlocks: afterWording
    case .longCharacter, .mergeWithoutToken, .addedTokenID, .tooFewForBytes, .tooFewTokensForText,
      .onlySpecials, .emptyVocabulary, .emptyToken, .duplicateToken, .vocabularyTooLarge,
      .longToken:
      vocabularyWording
    case .growingText, .noMemory: roomWording
    }
  }

  package var place: Place? {
    switch self {
    case .unknownWord(_, _, _, _, let place), .unknownCharacter(_, _, _, let place): place
    default: nil
    }
  }
}

extension DataProblem {
  private static func shown(_ scalar: Unicode.Scalar) -> String {
    ByteSpelling.shown(String(scalar).utf8)
  }

  private var afterWording: Wording {
    switch self {
    case .noSuchToken(let token, let known, let closest):
      Bilingual(
        it: "dopo after ci vuole un token del vocabolario (\(known) token), \(it: token) non c'è",
        en: "after needs a token of the vocabulary (\(known) tokens), got \(en: token)"
      ).hint(closest.map(Bilingual.didYouMean))
    case .nothingAfter(let token, let isThere):
      Bilingual(
        it: "in ogni riga qualcosa deve seguire il primo \(it: token): ce n'è una "
          + (isThere ? "che finisce lì" : "che non lo ha"),
        en: "something has to follow the first \(en: token) in every row: there is one that "
          + (isThere ? "ends with it" : "has none")
      ).hint(
        it: "scegli un token che ogni testo ha, prima della fine, o un obiettivo senza after",
        en: "choose a token that every text has, before its end, or an objective without 'after'"
      )
    case .afterInBlocks(let token):
      Bilingual(
        it: "after \(it: token) vuole una riga per testo, ma i testi nei file sono tagliati in"
          + " blocchi, che possono non averlo",
        en: "after \(en: token) needs a row for each text, but texts in files are cut into blocks,"
          + " which may lack it"
      ).hint(nil)
    default: vocabularyWording
    }
  }

  private var roomWording: Wording {
    switch self {
    case .growingText(let bytes, let limit):
      Bilingual(
        it: "un tokenizer può allungare un testo di \(NumberText.count(bytes)) byte fino a"
          + " \(NumberText.count(limit)) byte, e questo lo allunga di più",
        en: "needs a tokenizer that makes at most \(NumberText.count(limit)) bytes of a text of"
          + " \(NumberText.count(bytes)), got one that makes more"
      ).hint(
        it: "il suo file è danneggiato, o fatto apposta per bloccare chi lo usa",
        en: "its file is damaged, or made to stall whoever uses it"
      )
    case .noMemory(let bytes): MemoryRoom.refusal(of: bytes).hint(nil)
    default: vocabularyWording
    }
  }

  private var vocabularyWording: Wording {
    switch self {
    case .longToken(let token, let id, let count, let limit):
      Bilingual(
        it: "ogni token può avere al massimo \(NumberText.count(limit)) byte, e \(it: token),"
          + " con id \(id), ne ha \(NumberText.count(count))",
        en: "needs at most \(NumberText.count(limit)) bytes in every token, got"
          + " \(NumberText.count(count)) in \(en: token) with id \(id)"
      ).hint(nil)
    case .longCharacter(let token, let id):
      Bilingual(
        it: "ogni token deve essere un solo carattere, non \(it: token) "
          + "con id \(id)",
        en: "needs one character in every token, got \(en: token) with id \(id)"
      ).hint(nil)
    case .mergeWithoutToken(let token, let rank):
      Bilingual(
        it: "ogni fusione deve formare un token del vocabolario, la numero \(rank) forma"
          + " \(it: token)",
        en: "needs merges that make tokens of the vocabulary, number \(rank) makes \(en: token)"
      ).hint(nil)
    case .addedTokenID(let token, let found, let needed):
      Bilingual(
        it: "il token aggiunto \(it: token) deve avere l'id \(needed), "
          + "non \(found)",
        en: "the added token \(en: token) needs the id \(needed), got \(found)"
      ).hint(nil)
    case .tooFewTokensForText(let needed, let found):
      Bilingual(
        it: "senza <unk> ci vogliono tutti i \(NumberText.count(needed)) token del testo, ne chiedi"
          + " \(NumberText.count(found))",
        en: "without <unk> all \(NumberText.count(needed)) tokens of the text are needed, asked for"
          + " \(NumberText.count(found))"
      ).hint(Self.askForMore)
    case .onlySpecials(let count, let found):
      Bilingual(
        it: "ci vuole posto per almeno un token oltre ai \(count) speciali, e ne chiedi"
          + " \(found) in tutto",
        en: "needs room for at least one token beside the \(count) special ones, asked for"
          + " \(found) in all"
      ).hint(Self.askForMore)
    case .tooFewForBytes(let found, let needed):
      Bilingual(
        it: "ci vogliono almeno \(needed) token, uno per byte e per token speciale, e ne"
          + " chiedi \(found)",
        en: "needs at least \(needed) tokens, one for each byte and special token, got \(found)"
      ).hint(Self.askForMore)
    case .emptyToken(let id):
      Bilingual(
        it: "ogni token deve avere almeno un carattere, e il numero \(id) è vuoto",
        en: "needs at least one character in every token, got none in number \(id)"
      ).hint(nil)
    case .duplicateToken(let token, let first, let second):
      Bilingual(
        it: "ogni token deve avere un solo id, e c'è \(it: token) "
          + "come \(first) e come \(second)",
        en: "needs one id for every token, got \(en: token) "
          + "as \(first) and as \(second)"
      ).hint(nil)
    case .vocabularyTooLarge(let count, let limit):
      Bilingual(
        it: "sono ammessi al massimo \(NumberText.count(limit)) token, "
          + "non \(NumberText.count(count))",
        en: "needs at most \(NumberText.count(limit)) tokens, got \(NumberText.count(count))"
      ).hint(it: "scegli un vocabolario più piccolo", en: "choose a smaller vocabulary")
    default:
      Bilingual(
        it: "il vocabolario è vuoto: ci vuole almeno un token",
        en: "needs a vocabulary with at least one token, got an empty one"
      ).hint(nil)
    }
  }

  private static let example = Bilingual(
    it: "per esempio \"Il gatto dorme\"",
    en: "for example \"The cat sleeps\""
  )

  private static let writeKnown = Bilingual(
    it: "scrivi ciò che il modello conosce; un tokenizer bpe conosce ogni testo",
    en: "write what the model knows; a bpe tokenizer knows every text"
  )

  private static let askForMore = Bilingual(it: "chiedine di più", en: "ask for more of them")
}
