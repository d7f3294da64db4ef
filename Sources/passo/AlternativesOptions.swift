// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEvaluation
import PassoModel
import PassoSessionViews
import PassoShell
import PassoText
import PassoView

/// What else a model could have written, at each token that it has made.
struct AlternativesOptions: ParsableArguments {
  @Flag(
    it: """
      Dopo il testo, a ogni token generato: la probabilità e il rango di quello scelto, l'entropia \
      e i token più probabili. Il testo è lo stesso.
      """,
    en: """
      After the text, at each token made: probability and rank of the one that was chosen, the \
      entropy, and the most probable tokens. The text is the same.
      """
  )
  var alternatives = false

  @Option(
    it: "Quanti dei token più probabili mostra --alternatives; 3 se non si dice.",
    en: "How many of the most probable tokens --alternatives shows; 3 if not given.",
    parser: ValueParser.whole(1...1_000)
  )
  var best: Int?

  @Option(
    help: ArgumentHelp(
      it: "La tabella di --alternatives come file, con tutte le cifre.",
      en: "The table of --alternatives as a file, with all digits.",
      value: Bilingual(same: "file")
    )
  )
  var csv: String?

  /// So many alternatives of each token are wanted; 0 for none.
  var most: Int { alternatives ? best ?? 3 : 0 }

  /// Checks that the options go together.
  func validate(json: Bool) throws {
    if !alternatives, best != nil || csv != nil {
      throw UsageProblem(
        ["--best", "--csv"],
        areFor: Bilingual(same: "--alternatives"),
        got: Bilingual(it: "il testo soltanto", en: "the text alone")
      )
    }
    if alternatives, json {
      throw UsageProblem(
        ["--json"],
        areFor: Bilingual(it: "il testo soltanto", en: "the text alone"),
        got: Bilingual(same: "--alternatives"),
        hint: Bilingual(
          it: "--csv FILE scrive le alternative per altri programmi",
          en: "--csv FILE writes the alternatives for other programs"
        )
      )
    }
  }

  /// Refuses, before anything is made, to write over another file.
  func expectTable() throws { if let csv { try RecordTable.expectTable(at: csv) } }

  /// Shows what was noted, and writes it.
  func show(
    _ watch: AlternativesWatch,
    _ tokenizer: (any Tokenizer)?,
    _ settings: SamplingSettings,
    _ console: Console
  ) throws {
    guard alternatives else { return }
    let view = ExpectationsView(watch.rows, most: most) { id in
      tokenizer?.label(of: id) ?? "\(id)"
    }
    if !watch.rows.isEmpty {
      let notes = settings.temperature > 0 ? [ExpectationsView.noteOnSampling] : []
      console.show(view.table(ExpectationsView.titleOfGenerated, notes: notes))
      console.say(view.summary)
    }
    if let csv { try view.records.write(to: csv) }
  }
}

/// Notes what was expected at each token that is made.
struct AlternativesWatch {
  private(set) var rows: [ExpectationsView.Row] = []
  private var place: Int
  private let most: Int

  /// - Parameters:
  ///   - prompt: What comes before the first token.
  ///   - most: So many alternatives are kept; 0 to note nothing.
  init(_ prompt: [TokenID], most: Int) { (place, self.most) = (prompt.count, most) }

  mutating func add(_ logits: [Double], _ token: TokenID) {
    guard most > 0 else { return }
    rows.append(.init(place: place, Expectation(logits: logits, answer: token, most: most)))
    place += 1
  }
}
