// SPDX-License-Identifier: MIT

import PassoEvaluation
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let heads = CommandDescription(
    name: "heads",
    group: .look,
    arguments: "",
    it: "che cosa fa ogni testa in un compito, e che cosa resta senza di lei",
    en: "what each head does in a task, and what is left without it",
    details: Bilingual(
      it: "Su righe mai viste: quanta attenzione va al token appena prima, quanta a ciò che è già"
        + " venuto dopo un token uguale, e quante risposte giuste restano se si spegne quella testa"
        + " sola. Gli stessi due numeri, sulle righe di adesso, danno le espressioni"
        + " previous_token(blocks.0.attn.pattern[:, 0]) e prefix_match(blocks.1.attn.pattern[:, 0],"
        + " tokens, targets), che :curve e :rwatch seguono nel tempo.",
      en: "On rows never seen: how much attention goes to the token just before, how much to what"
        + " came after an equal token before, and how many right answers are left if that head"
        + " alone is switched off. The same two numbers, on the rows of now, are the expressions"
        + " previous_token(blocks.0.attn.pattern[:, 0]) and"
        + " prefix_match(blocks.1.attn.pattern[:, 0], tokens, targets), which :curve and :rwatch"
        + " follow in time."
    ),
    examples: [":corpus segmenti rows 4", ":heads"]
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 0)
    let task = try session.task(for: "heads")
    let found = try HeadMeter(session.model, task).measure()
    context.endInterruptedLine()
    context.show(TaskView(task).heads(found.accuracy, found.heads))
  }
}
