// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoFiles
import PassoText

/// What a chat model is asked, for every subcommand that makes text.
struct ChatOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    it: "Una domanda, nello schema di chat (chat_template) della cartella.",
    en: "A question, in the chat template (chat_template) of the folder."
  )
  var chat: String?

  @Option(
    parsing: .unconditional,
    it: "Con --chat: ciò che il modello deve sapere di sé prima della domanda.",
    en: "With --chat: what the model is told about itself before the question."
  )
  var system: String?

  @Option(
    it: """
      Un file JSON con i messaggi di una chat, [{"role": "user", "content": "..."}], al posto di \
      --chat.
      """,
    en: """
      A JSON file with the messages of a chat, [{"role": "user", "content": "..."}], in place of \
      --chat.
      """
  )
  var messages: String?

  /// Whether a chat is asked for.
  var isAsked: Bool { chat != nil || messages != nil }

  /// Checks that what is asked is one thing.
  ///
  /// - Throws: `UsageProblem`.
  func validate(beside isOther: Bool) throws {
    if chat != nil, messages != nil || isOther { throw Self.problem("--chat") }
    if messages != nil, isOther { throw Self.problem("--messages") }
    if system != nil, chat == nil {
      throw UsageProblem(
        it: "--system vuole anche --chat",
        en: "--system needs --chat too",
        hint: Bilingual(
          it: "in un file di --messages è il messaggio con role system",
          en: "in a file of --messages it is the message with the role system"
        )
      )
    }
  }

  private static func problem(_ option: String) -> UsageProblem {
    UsageProblem(
      it: "\(option) sta da solo, senza --prompt, --tokens, --unmask e altre domande",
      en: "\(option) stands alone, without --prompt, --tokens, --unmask and other questions",
      hint: Bilingual(
        it: "--prompt continua un testo, --chat fa una domanda",
        en: "--prompt continues a text, --chat asks a question"
      )
    )
  }

  /// The text that the template of a folder makes; nil if no chat is asked for.
  ///
  /// - Throws: `FileProblem`.
  func text(folder: String) throws -> String? {
    guard isAsked else { return nil }
    let messages =
      if let messages { try Chat(path: messages) } else { Chat(chat ?? "", system: system) }
    return try ChatTemplate(folder: folder).text(of: messages)
  }
}
