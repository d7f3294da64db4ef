// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText
import PassoView

extension Command {
  static let show = CommandDescription(
    name: "show",
    alias: "p",
    group: .look,
    arguments: (["NAME[slice]"] + ShowView.all.map(\.synopsis)).joined(separator: " | "),
    it: "mostra un valore con le sue etichette",
    en: "shows a value",
    details: Bilingual(
      it: (["Le fette sono quelle di Python: [0], [:, 2], [-1], [1:3]."]
        + ShowView.all.map { "«\($0.name)»: \($0.it)." }).joined(separator: " "),
      en: (["Slices are those of Python: [0], [:, 2], [-1], [1:3]."]
        + ShowView.all.map { "'\($0.name)': \($0.en)." }).joined(separator: " ")
    ),
    examples: [
      ":run", ":show logits", ":show blocks.0.attn.pattern[0,1]", ":show attention 0.1",
      ":show attention all", ":show arcs 0.0", ":show mask", ":show loss", ":show embeddings",
    ],
    completion: .value(or: ShowView.names)
  )
  .show { session, arguments, context in
    let names = ShowView.names.joined(separator: ", ")
    let word = try arguments.first(
      it: "un nome, o uno fra \(names)",
      en: "a name, or one of \(names)"
    )
    let view = ShowView.all.first { $0.name == word.text }
    try arguments.expect(atMost: view?.choice == nil ? 1 : 2)
    context.show(
      try view?.figure(session, arguments)
        ?? arguments.placing(word) { try ShowView.value(word.text, session) }
    )
  }
}

/// What `:show` draws besides values: one entry for each.
struct ShowView: Sendable {
  let name: String

  /// Ends of the names of the values that it shows, besides its own.
  var shows: [String] = []

  /// What may follow the name.
  var choice: String?

  /// What it shows, in each language.
  let it: String
  let en: String

  let figure: @Sendable (Session, Arguments) throws -> Figure

  static let all = [
    ShowView(
      name: "attention",
      shows: attention,
      choice: "[L.H|all]",
      it: "i quattro stadi, cioè prodotti scalari, scalati, mascherati, softmax; L.H sceglie"
        + " blocco e testa, all le mostra tutte in piccolo",
      en: "the four stages, which are dot products, scaled, masked, softmax; L.H chooses block"
        + " and head, all shows all of them small"
    ) { session, arguments in
      arguments.words.last?.text == "all"
        ? try HeadsView(session).all()
        : try AttentionView(session).figure(head: arguments.head())
    },
    ShowView(
      name: "arcs",
      shows: attention,
      choice: "[L.H]",
      it: "dove guarda di più ogni parola",
      en: "where each word looks most"
    ) { try HeadsView($0).arcs($1.head()) },
    ShowView(
      name: "mask",
      it: "chi può guardare chi, e chi può influire su chi",
      en: "who may look at whom, and who can influence whom"
    ) { session, _ in DataView(session).maskAndInfluence },
    ShowView(
      name: "loss",
      shows: ["loss_per_token"],
      it: "quella di ogni posizione, e la sua curva",
      en: "that of each position, and its curve"
    ) { session, _ in try LossView(session).figure() },
    ShowView(
      name: "accuracy",
      it: "le risposte giuste in un compito, aggiornamento per aggiornamento: sulle righe da cui"
        + " impara e sulle altre",
      en: "the right answers in a task, update by update: on the rows that are learned from and on"
        + " others"
    ) { session, _ in
      let view = TaskView(try session.task(for: "show accuracy"))
      let moments = try session.taskHistory(atMost: 40).map { ($0.update, $0.scores) }
      return view.curves(moments, Bilingual(it: "aggiornamento", en: "update"))
    },
    ShowView(
      name: "embeddings",
      it: "i token nel piano delle due direzioni principali",
      en: "the tokens in the plane of the two main directions"
    ) { session, _ in try InspectionView(session).plane() },
  ]

  static let names = all.map(\.name)

  private static let attention = ["attn.dots", "attn.scaled", "attn.scores", "attn.pattern"]

  var synopsis: String { choice.map { "\(name) \($0)" } ?? name }

  /// A value; a slip may be meant for one of the views.
  static func value(_ typed: String, _ session: Session) throws -> Figure {
    do {
      return try ValueView(session).figure(typed)
    } catch ExecutionProblem.unknownName(let typed, let closest) {
      throw ExecutionProblem.unknownName(
        typed,
        closest: Suggestion.closest(to: typed, among: names + [closest].compactMap { $0 })
      )
    }
  }
}

extension Arguments {
  /// The block and head of `:show attention 1.0`; the first head of the first block if none is
  /// given.
  fileprivate func head() throws -> HeadAddress {
    words.count > 1 ? try head(words[1]) : HeadAddress(block: 0, head: 0)
  }

  /// A word as block and head.
  func head(_ word: Word) throws -> HeadAddress {
    if let head = HeadAddress(word.text) { return head }
    throw placed(CommandProblem.notAHead(word.text), word)
  }
}
