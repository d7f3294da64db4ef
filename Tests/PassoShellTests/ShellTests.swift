// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoSession
import PassoShell
import PassoText
import Testing

struct ShellTests {
  /// Where a large model would let a person wait.
  @Test func whoWillWaitIsToldWhy() throws {
    let probe = try ShellProbe()
    let note = "in f64 there is no fast form; it will be slow"
    for (model, waits) in [("gatto", false), ("piccolo", true)] {
      probe.run(":model \(model)", ":precision f64")
      for line in [":generate 1", ":surprise \"Il gatto\" 1"] {
        #expect(probe.type(line).output.contains(note) == waits, "\(line) of \(model)")
      }
    }
  }

  @Test(arguments: [
    (
      ":stpe",
      """
      :stpe
      ^^^^^
      error: there is no command ':stpe'
      hint: did you mean ':step'?

      """
    ),
    (
      ":st",
      """
      :st
      ^^^
      error: ':st' may be :step or :stats
      hint: type one more letter

      """
    ),
    (
      ":step zwei",
      """
      :step zwei
            ^^^^
      error: needs a whole number from 1 to 1000000, got 'zwei'
      hint: for example :step 5

      """
    ),
    (
      ":until logitz",
      """
      :until logitz
             ^^^^^^
      error: no value is called 'logitz'
      hint: did you mean 'logits'? :program lists them all

      """
    ),
    (
      ":show logits",
      """
      :show logits
            ^^^^^^
      error: 'logits' is not computed yet
      hint: :until logits computes it

      """
    ),
    (
      ":until tokens",
      """
      :until tokens
             ^^^^^^
      error: 'tokens' is given, no step computes it
      hint: :show tokens shows it

      """
    ),
    (
      ":goto 999",
      """
      :goto 999
            ^^^
      error: steps go from 0 to 95, got 999
      hint: :program lists the steps

      """
    ),
    (
      ":text \"Il gatto",
      """
      :text "Il gatto
            ^
      error: the quotation mark is not closed
      hint: add " at the end

      """
    ),
    (
      ":show attention 3.0",
      """
      error: blocks go from 0 to 0 and heads from 0 to 1, got 3.0
      hint: a head is written block.head, for example 0.0

      """
    ),
    (
      ":model gato",
      """
      :model gato
             ^^^^
      error: no model and no folder is called 'gato'
      hint: did you mean 'gatto'?

      """
    ),
    (
      ":help all please",
      """
      :help all please
                ^^^^^^
      error: ':help' has no use for 'please'
      hint: for example :help show

      """
    ),
    (
      ":until",
      """
      error: ':until' needs a name, found nothing
      hint: for example :until logits

      """
    ),
  ])
  func aMistakeIsOneSentenceAndChangesNothing(line: String, expected: String) throws {
    let probe = try ShellProbe()
    let hash = try probe.shell.session.stateHash
    let reply = probe.type(line)
    #expect(reply.outcome == .failed)
    #expect(reply.errors == expected)
    #expect(reply.output.isEmpty)
    #expect(try probe.shell.session.stateHash == hash)
  }

  @Test func aNewModelHasRoomForTheText() throws {
    let probe = try ShellProbe(.it)
    #expect(probe.type(":text \"a b c d e f g h i l\"").outcome == .done)
    #expect(probe.shell.session.configuration.contextLength == 10)
    probe.type(":text \"a b c\"")
    #expect(probe.shell.session.configuration.contextLength == 8)
    for line in [":corpus gatto-1", ":objective span"] {
      let reply = probe.type(line)
      #expect(reply.outcome == .done, "\(reply.errors)")
    }
  }

  @Test func aTextThatIsTooLongIsRefusedAndTheOldOneStays() throws {
    let probe = try ShellProbe(.it)
    let reply = probe.type(":text \"\(String(repeating: "la ", count: 2_000))\"")
    #expect(
      reply.errors == """
        errore: il modello legge al più 1024 token, il testo ne ha 2000
        suggerimento: accorcia il testo; da testi lunghi si impara con :corpus FILE

        """
    )
    #expect(probe.shell.session.texts == ["Il gatto dorme sul divano"])
  }

  @Test func aCommandWithoutItsColonIsASlip() throws {
    let probe = try ShellProbe()
    for line in ["step", "lesson 1", "train 5"] {
      let name = line.prefix { $0 != " " }
      #expect(probe.type(line).errors.contains("commands begin with a colon: ':\(name)'?"))
    }
    #expect(probe.type("1,5 + 2").errors.contains("decimals are written with a point"))
  }

  /// The hint of a wrong line shows the command that was typed, not what its example begins with.
  @Test func examplesInHintsAreThoseOfTheCommand() throws {
    let probe = try ShellProbe()
    for command in CommandTable.all where command.arguments.isEmpty == false {
      let errors = probe.type(":\(command.name) \u{1}\u{2} \u{3} \u{4} \u{5}").errors
      guard let hint = errors.split(separator: "\n").last, hint.contains("for example :") else {
        continue
      }
      #expect(hint.contains("for example :\(command.name)"), "\(command.name): \(hint)")
    }
  }

  @Test func anOptimizerWithoutARateGetsOneThatSuitsIt() throws {
    let probe = try ShellProbe()
    for (line, rate) in [
      (":optimizer adamw", 0.01), (":optimizer adamw 0.002", 0.002),
      (":optimizer adamw clip 1", 0.002), (":optimizer momentum", 0.1), (":optimizer sgd", 0.1),
    ] {
      #expect(probe.type(line).outcome == .done)
      #expect(probe.shell.session.experiment.rate == rate, "\(line)")
    }
  }

  @Test func everyUpdateOfATrainingIsTold() throws {
    var calls: [Int] = []
    var session = try Session()
    let done = try session.timeline.train(
      3,
      updateDone: { count, loss in if loss != nil { calls.append(count) } }
    )
    #expect(done == 3 && calls == [1, 2, 3])
  }

  @Test func stepsAreShownWithFormulaMeaningAndResult() throws {
    let probe = try ShellProbe(.it)
    let lines = probe.type(":step").output.split(separator: "\n")
    #expect(lines[0] == "aggiornamento 0, passo 1/95 in avanti · embed")
    #expect(lines[1] == "token → [embedding] → attenzione → MLP → logit → loss")
    #expect(lines[2] == "mask = attention_mask(causal, length 5)")
    #expect(lines[3].hasPrefix("scrive 1 dove una posizione può guardarne un'altra"))
    #expect(lines[4].hasPrefix("→ [query 5, key 5]  min 0, max 1"))
    #expect(lines[5].hasSuffix(": <start> Il gatto dorme sul"))
  }

  @Test func anEmptyEnterRepeatsMovesOnly() throws {
    let probe = try ShellProbe()
    #expect(probe.shell.lineForEnter == nil)
    probe.type(":step 2")
    #expect(probe.shell.lineForEnter == ":step 2")
    probe.type(":where")
    #expect(probe.shell.lineForEnter == nil)
    probe.type(":back")
    #expect(probe.shell.lineForEnter == ":back")
    probe.type(":stpe")
    #expect(probe.shell.lineForEnter == nil)
  }

  @Test func nextMovesOverALayerAndBackReturns() throws {
    let probe = try ShellProbe()
    probe.type(":next 2")
    #expect(probe.shell.session.timeline.execution.cursor == 15)
    probe.type(":zoom phase")
    probe.type(":next")
    #expect(probe.shell.session.timeline.execution.cursor == 22)
    probe.type(":back 22")
    #expect(probe.shell.session.timeline.execution.cursor == 0)
  }

  @Test func untilAfterTheEndGoesIntoTheNextUpdate() throws {
    let probe = try ShellProbe()
    probe.type(":run")
    probe.type(":until loss")
    #expect(probe.shell.session.timeline.update == 1)
  }

  @Test func theEndOfANameIsEnoughWhereThereIsOne() throws {
    let probe = try ShellProbe()
    #expect(probe.type(":until pattern").outcome == .done)
    #expect(try probe.shell.session.fullName("pattern") == "blocks.0.attn.pattern")
    probe.type(":model gatto-2")
    #expect(
      probe.type(":until pattern").errors.contains(
        "'pattern' may be blocks.0.attn.pattern or blocks.1.attn.pattern"
      )
    )
  }

  @Test func changingTheMaskKeepsTheParameters() throws {
    let probe = try ShellProbe()
    probe.type(":train 5")
    let trained = try probe.shell.session.currentParameters
    probe.type(":mask none")
    #expect(try probe.shell.session.currentParameters == trained)
    probe.type(":precision f64")
    let kept = try probe.shell.session.currentParameters.mapValues { $0.converted(to: .f32) }
    #expect(kept == trained)
  }

  @Test func severalTextsAreSeveralRows() throws {
    let probe = try ShellProbe()
    #expect(probe.type(":text \"Il gatto dorme\" \"La volpe\"").outcome == .done)
    #expect(probe.shell.session.batch.rowCount == 2)
    #expect(probe.type(":pairs").output.contains("given <start> La; predict volpe"))
    #expect(probe.type(":run").outcome == .done)
    #expect(!probe.type(":show loss").output.contains("NaN"))
  }

  @Test func ctrlCStopsBetweenStepsAndNothingIsLost() throws {
    final class Pressed { var asked = 0 }
    let pressed = Pressed()
    let probe = try ShellProbe(interrupted: {
      pressed.asked += 1
      return pressed.asked > 150
    })
    let reply = probe.type(":train 100")
    #expect(reply.outcome == .done)
    #expect(reply.output.contains("stopped after 1 update of 100"))
    #expect(probe.shell.session.timeline.update == 1)
  }

  @Test func quitFinishes() throws {
    #expect(try ShellProbe().type(":q").outcome == .finished)
  }

  @Test func blankLinesDoNothing() throws {
    #expect(try ShellProbe().type("   ").outcome == .done)
  }

  @Test func randomLinesNeverTrap() throws {
    let probe = try ShellProbe()
    var random = RandomSource(seed: 17)
    let words =
      CommandTable.all.map { ":\($0.name)" }
      // What writes files would leave them where the tests are run.
      .filter { ![":quit", ":save", ":record", ":export"].contains($0) } + [
        "0", "-1", "9999999999999999999999", "[", "]", "[0,", "\"", "\\", "blocks.0.attn.pattern",
        "grad.W_E[1:]", "è", "🙂", "\u{0}", "nan", "causal", "window", "f64", "sgd", "attention",
        "0.0", "seed", "loss", "+", "@", "(", ")", "let", "x", "=", ",", ":", "softmax",
      ]
    for _ in 0..<1500 {
      let count = Int.random(in: 1...5, using: &random)
      let line = (0..<count).compactMap { _ in words.randomElement(using: &random) }
        .joined(separator: Bool.random(using: &random) ? " " : "")
      // A million updates would be right, and long.
      if line.contains("9999") && line.contains("train") { continue }
      _ = probe.type(line)
    }
    #expect(probe.type(":where").outcome == .done)
  }
}

struct CompletionTests {
  @Test(arguments: [
    (":st", [":step", ":stats"]),
    (":tok", [":tokens", ":tokenizer"]),
    (":obj", [":objective"]),
    (":show blocks.", ["blocks.0."]),
    (":show att", ["attention"]),
    (":p embeddi", ["embeddings"]),
    (":say att", []),
    (":mask ca", ["causal"]),
    (":until grad.blocks.0.attn.p", ["grad.blocks.0.attn.pattern"]),
    (":zoom ", ["op", "layer", "phase", "update"]),
    (":help tr", ["train"]),
    (":nonsense x", []),
    ("logi", ["logits"]),
  ])
  func tabOffersWhatFits(text: String, expected: [String]) throws {
    #expect(try ShellProbe().shell.completion(of: text).candidates == expected)
  }

  @Test func theHintIsWhatTabWouldAdd() throws {
    let probe = try ShellProbe()
    #expect(probe.shell.hint(for: ":obj") == "ective")
    #expect(probe.shell.hint(for: ":st") == nil)
    #expect(probe.shell.hint(for: "") == nil)
    probe.type(":step")
    #expect(probe.shell.hint(for: "") == ":step")
  }

  @Test func namesAreOfferedOnePartAtATime() throws {
    let completion = try ShellProbe().shell.completion(of: ":show blocks.0.attn.")
    #expect(completion.candidates.contains("blocks.0.attn.pattern"))
    #expect(completion.candidates.contains("blocks.0.attn.W_Q"))
    #expect(completion.replacing == 14)
  }
}
