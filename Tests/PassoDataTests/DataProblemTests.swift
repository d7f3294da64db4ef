// SPDX-License-Identifier: MIT
import PassoData
import PassoText
import Testing

@Suite struct DataProblemTests {
  private static let cases: [(DataProblem, it: String, en: String)] = [
    (
      .noWords(scalars: 0),
      it: "il testo è vuoto: scrivi almeno una parola",
      en: "needs at least one word, got an empty text"
    ),
    (
      .noWords(scalars: 3),
      it: "nel testo ci sono solo spazi: scrivi almeno una parola",
      en: "needs at least one word, got only white space"
    ),
    (
      .unknownWord("gato", number: 2, known: 6, closest: nil, place: Place()),
      it: "«gato», parola 2 del testo, non è nel vocabolario (6 token)",
      en: "needs words of the vocabulary (6 tokens), got 'gato', word 2 of the text"
    ),
    (
      .unknownID(7, position: 2, known: 6),
      it: "gli id vanno da 0 a 5: il 7 in posizione 2 non c'è",
      en: "needs an id from 0 to 5, got 7 at position 2"
    ),
    (
      .unknownCharacter("\n", number: 4, known: 9, place: Place()),
      it: "«\u{21B5}», carattere 4 del testo, non è nel vocabolario (9 token)",
      en: "needs characters of the vocabulary (9 tokens), got '\u{21B5}', character 4 of the text"
    ),
    (
      .longCharacter("ab", id: 3),
      it: "ogni token deve essere un solo carattere, non «ab» con id 3",
      en: "needs one character in every token, got 'ab' with id 3"
    ),
    (
      .mergeWithoutToken("aĠ", rank: 5),
      it: "ogni fusione deve formare un token del vocabolario, la numero 5 forma «aĠ»",
      en: "needs merges that make tokens of the vocabulary, number 5 makes 'aĠ'"
    ),
    (
      .addedTokenID("<x>", found: 3, needed: 1),
      it: "il token aggiunto «<x>» deve avere l'id 1, non 3",
      en: "the added token '<x>' needs the id 1, got 3"
    ),
    (
      .tooFewForBytes(found: 255, needed: 257),
      it: "ci vogliono almeno 257 token, uno per byte e per token speciale, e ne chiedi 255",
      en: "needs at least 257 tokens, one for each byte and special token, got 255"
    ),
    (
      .emptyVocabulary,
      it: "il vocabolario è vuoto: ci vuole almeno un token",
      en: "needs a vocabulary with at least one token, got an empty one"
    ),
    (
      .emptyToken(id: 4),
      it: "ogni token deve avere almeno un carattere, e il numero 4 è vuoto",
      en: "needs at least one character in every token, got none in number 4"
    ),
    (
      .duplicateToken("il", first: 1, second: 3),
      it: "ogni token deve avere un solo id, e c'è «il» come 1 e come 3",
      en: "needs one id for every token, got 'il' as 1 and as 3"
    ),
    (
      .vocabularyTooLarge(count: 16_777_217, limit: 16_777_216),
      it: "sono ammessi al massimo 16 777 216 token, non 16 777 217",
      en: "needs at most 16 777 216 tokens, got 16 777 217"
    ),
    (
      .tooFewTokens(needed: 2, found: 1),
      it: "servono sequenze di almeno 2 token, e qui ce n'è una di 1",
      en: "needs sequences of at least 2 tokens, got one of 1"
    ),
    (
      .noSequences,
      it: "non c'è nemmeno una sequenza",
      en: "needs at least one sequence, got 0"
    ),
  ]

  @Test(arguments: cases.indices)
  func theMessageIsExact(index: Int) {
    let (problem, it, en) = Self.cases[index]
    #expect(problem.message == Bilingual(it: it, en: en))
  }

  @Test func theHintNamesTheClosestWord() {
    let problem = DataProblem.unknownWord(
      "gato",
      number: 2,
      known: 6,
      closest: "gatto",
      place: Place()
    )
    #expect(problem.hint == Bilingual(it: "forse «gatto»?", en: "did you mean 'gatto'?"))
  }

  @Test func quotedWordsCannotDisturbATerminal() {
    #expect(Bilingual.quoted("a\u{1B}[2Jb") == Bilingual(it: "«a [2Jb»", en: "'a [2Jb'"))
    let long = Bilingual.quoted(String(repeating: "x", count: 1_000))
    #expect(long.en == "'" + String(repeating: "x", count: 79) + "\u{2026}'")
  }
}
