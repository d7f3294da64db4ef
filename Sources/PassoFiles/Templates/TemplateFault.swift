// SPDX-License-Identifier: MIT
import PassoText

/// Why a chat template cannot be used, or not for these messages.
package enum TemplateFault: FileFault {
  /// Not the language that is read here: what was found, and where.
  case syntax(found: String, line: Int)

  /// Something of Jinja that is not read here, as it is called.
  case unsupported(String, line: Int)

  /// What does not go with these values.
  case operation(String, line: Int)

  /// What the template itself says is wrong with the messages.
  case raised(String)

  /// The folder has none.
  case missing

  /// Messages that are none.
  case messages

  /// It asks for more work, more text or more memory than any honest one.
  case tooLarge(line: Int)

  package var hint: Bilingual? {
    switch self {
    case .missing:
      Bilingual(
        it: "questo modello continua testi: non è fatto per rispondere",
        en: "this model continues texts: it was not made to answer"
      )
    case .unsupported:
      Bilingual(
        it: "transformers fa il testo con apply_chat_template: continua quello",
        en: "transformers makes the text with apply_chat_template: continue that"
      )
    default: nil
    }
  }

  /// What is wrong, as a sentence.
  package var message: Bilingual {
    switch self {
    case .syntax(let found, let line):
      Bilingual(
        it: "la riga \(line) dello schema di chat non è Jinja: c'è \(it: found)",
        en: "line \(line) of the chat template is no Jinja: it has \(en: found)"
      )
    case .unsupported(let part, let line):
      Bilingual(
        it: "la riga \(line) dello schema di chat usa \(it: part), che Passo non legge",
        en: "line \(line) of the chat template uses \(en: part), which Passo does not read"
      )
    case .operation(let what, let line):
      Bilingual(
        it: "la riga \(line) dello schema di chat non funziona con questi messaggi:"
          + " \(it: what)",
        en: "line \(line) of the chat template does not work with these messages: \(en: what)"
      )
    case .raised(let text):
      Bilingual(
        it: "lo schema di chat rifiuta questi messaggi: \(it: text)",
        en: "the chat template refuses these messages: \(en: text)"
      )
    case .missing:
      Bilingual(
        it: "la cartella non ha uno schema di chat: serve «chat_template» in"
          + " tokenizer_config.json o un file chat_template.jinja",
        en: "the folder has no chat template: it takes 'chat_template' in tokenizer_config.json or"
          + " a file chat_template.jinja"
      )
    case .messages:
      Bilingual(
        it: "servono messaggi come [{\"role\": \"user\", \"content\": \"...\"}]",
        en: "needs messages as [{\"role\": \"user\", \"content\": \"...\"}]"
      )
    case .tooLarge(let line):
      Bilingual(
        it: "la riga \(line) dello schema di chat chiede troppo lavoro o troppo testo",
        en: "line \(line) of the chat template asks for too much work or too much text"
      )
    }
  }
}
