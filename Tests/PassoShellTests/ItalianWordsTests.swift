// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText
import Testing

@testable import PassoShell

/// In Italian nothing speaks English that is not a name, or something to type.
struct ItalianWordsTests {
  @Test(arguments: CommandTable.all.indices)
  func placeholdersAreItalian(index: Int) {
    let command = CommandTable.all[index]
    let english: Set = ["NAME", "TEXT", "WORDS", "EXPR", "DIR", "MARK", "VALUE", "FROM", "COMMAND"]
    let words = command.synopsis.it.split { !$0.isLetter }.map(String.init)
    #expect(english.isDisjoint(with: words), "\(command.synopsis.it)")
    let typed = command.arguments.isEmpty ? "" : " \(command.arguments)"
    #expect(command.synopsis.en == ":\(command.name)\(typed)")
  }

  @Test(arguments: OpCatalog.all.indices)
  func formulasSpeakItalian(index: Int) {
    let card = OpCatalog.all[index].card
    for formula in [card.formula, card.backward?.formula].compactMap(\.self) {
      let found = formula.it.split { !$0.isLetter }.map(String.init)
      let english: Set = ["of", "over", "if", "else", "with", "where", "by", "the", "elsewhere"]
      #expect(english.isDisjoint(with: found), "\(card.name): \(formula.it)")
    }
    for word in ["section", "algorithm", "equation", "figure", " and "] {
      #expect(!card.source.contains(word), "\(card.source)")
    }
  }

  @Test func phasesAxesAndMasksAreNamedInItalian() throws {
    let probe = try ShellProbe(.it)
    let outline = probe.run(":program")
    for name in ["forward", "backward", "update"] { #expect(!outline.contains(name)) }
    #expect(outline.contains("all'indietro"))
    #expect(probe.run(":show mask").contains("mask (causale)"))
    #expect(probe.run(":mask none", ":show mask").contains("mask (nessuna)"))
    probe.run(":until probs")
    #expect(probe.run(":show probs").contains("righe: posizione, colonne: vocab"))
    #expect(probe.run(":show blocks.0.attn.pattern").contains("mostrato: testa 0 di 2"))
    #expect(probe.run(":why probs[0, 3, 4]").contains("(posizione 3 dorme, vocab 4 sul)"))
  }

  @Test func whatThereIsNothingToDoForIsSaidAsItIs() throws {
    let probe = try ShellProbe(.it)
    #expect(probe.run(":back").contains("sei all'inizio: prima non c'è altro"))
    probe.run(":step 3")
    #expect(probe.run(":goto 3").contains("sei già lì: non c'è niente da eseguire"))
  }
}
