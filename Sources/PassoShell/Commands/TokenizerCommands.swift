// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let tokenizer = CommandDescription(
    name: "tokenizer",
    group: .data,
    arguments: "[words|chars|bpe [N]]",
    it: "sceglie che cos'è un token: parole, caratteri, coppie di byte",
    en: "chooses what a token is: words, characters, byte pairs",
    details: Bilingual(
      it: "bpe impara i token dal testo: i 256 byte, poi le coppie più frequenti, N token in tutto."
        + " Il modello ricomincia da capo, con posto per il testo intero. Senza argomenti mostra il"
        + " testo in token.",
      en:
        "bpe learns the tokens from the text: the 256 bytes, then the most frequent pairs, N tokens"
        + " in all. The model begins anew, with room for the whole text. Without arguments the text"
        + " is shown in tokens."
    ),
    examples: [":tokenizer chars", ":tokenizer bpe 270", ":tokenizer words", ":tokenizer"],
    completion: .words(TokenizerKind.allCases.map(\.rawValue))
  )
  .change { draft, arguments, context in
    try arguments.expect(atMost: 2)
    if let word = arguments.words.first {
      let kind = try arguments.choice(word, of: TokenizerKind.allCases, by: \.rawValue)
      let size = try arguments.second.map { try arguments.count($0) }
      try arguments.placing(arguments.words.last ?? word) {
        try context.readingTexts { try draft.session.setTokenizer(kind, size: size, $0) }
      }
    }
    context.show(try TokenizerView(draft.session).text())
  }

  static let compareTokenizers = CommandDescription(
    name: "compare-tokenizers",
    group: .data,
    arguments: "TEXT",
    it: "lo stesso testo in parole, caratteri e coppie di byte",
    en: "the same text in words, characters and byte pairs",
    details: Bilingual(
      it:
        "Ognuno dei tre ha imparato i suoi token dal testo della sessione: una parola nuova è <unk>"
        + " per le parole, mentre i byte bastano per qualunque testo. Dopo :tokenizer bpe N le"
        + " coppie di byte sono quelle della sessione.",
      en:
        "Each of the three has learned its tokens from the text of the session: a new word is <unk>"
        + " for words, while bytes suffice for any text. After :tokenizer bpe N the byte pairs are"
        + " those of the session."
    ),
    examples: [":compare-tokenizers \"Il gattino dorme\""],
    takesText: true
  )
  .show { session, arguments, context in
    let word = try arguments.first(it: "un testo", en: "a text")
    let text = word.isQuoted && arguments.words.count == 1 ? word.text : arguments.rest
    context.show(try TokenizerView(session).comparison(of: text))
  }

  static let merges = CommandDescription(
    name: "merges",
    group: .data,
    arguments: "[n | text | FILE [replace-invalid]]",
    it: "guarda nascere i token: ogni passo unisce la coppia più frequente",
    en: "watches tokens being born: each step merges the most frequent pair",
    details: Bilingual(
      it: "Prima le coppie con i loro conteggi, poi la fusione, poi il testo. text ricomincia dal"
        + " testo della sessione, FILE da un file; n fa n fusioni. Invio ne fa un'altra. La"
        + " sessione resta com'è: :tokenizer bpe usa i token così imparati.",
      en: "First the pairs with their counts, then the merge, then the text. text begins anew from"
        + " the text of the session, FILE from a file; n does n merges. Enter does another one. The"
        + " session stays as it is: :tokenizer bpe uses tokens learned in this way."
    ),
    examples: [
      ":text \"gatto gatta gatti gatte\"", ":merges text", ":merges", ":merges 3", ":merges text",
    ],
    completion: .path(.file, or: ["text"]),
    repeats: true
  )
  .look { view, session, arguments, context in
    try arguments.expect(atMost: 2)
    let word = arguments.words.first
    let replaces = arguments.words.count == 2 && InvalidText.isAsked(by: arguments.words[1])
    if !replaces { try arguments.expect(atMost: 1) }
    if let word, Int(word.text) == nil {
      let texts =
        word.text == "text"
        ? try session.learnedTexts()
        : [
          try arguments.placing(word) {
            try context.reading([word.text]) { files in
              try InvalidText.reading(in: arguments.line) {
                try TextFile.text(of: TextInput(path: files[0]), replacesInvalid: replaces)
              }
            }
          }
        ]
      let watch = try MergeWatch(texts)
      view.merges = (watch, word.text == "text" ? session.dataInForce : nil)
      return context.show(watch.start)
    }
    let count = try word.map { try arguments.count($0) } ?? 1
    var merges = try session.merges(view)
    let figure = merges.watch.advance(count, unless: context.shouldStop)
    view.merges = merges
    context.show(figure)
  }
}

extension Session {
  /// The merges that are being watched; those of the session's text if none were.
  fileprivate func merges(_ view: ViewState) throws -> (watch: MergeWatch, data: [String]?) {
    let data = dataInForce
    // Those of another text end with it.
    if let merges = view.merges, merges.data == nil || merges.data == data { return merges }
    return (try MergeWatch(learnedTexts()), data)
  }

  /// What the texts are that the session learns from, in words.
  fileprivate var dataInForce: [String] {
    let corpus = opened.corpus.map { String($0.shards.fingerprint, radix: 16) }
    return experiment.dataFields.flatMap { [$0.name] + $0.words } + [corpus].compactMap(\.self)
  }
}
