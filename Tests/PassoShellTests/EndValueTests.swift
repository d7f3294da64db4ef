// SPDX-License-Identifier: MIT

import PassoShell
import Testing

/// Numbers at the end of their range, wherever a number may stand.
struct EndValueTests {
  private static let numbers = [
    "-0", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
    "9007199254740993", "2147483648", "1000000", "1e999", "nan", "٣",
  ]

  private static let templates = [
    ":step #", ":next #", ":back #", ":goto #", ":goto update #", ":until #", ":train #", ":why #",
    ":why logits[0,0,#]", ":why logits[#,0,0] all", ":show logits[#]", ":show logits[#:]",
    ":show logits[:#]", ":show logits[::#]", ":show logits[#:#:#]", ":stats W_E[#:]",
    ":say W_E[#, 0]",
    ":show attention #.#", ":show arcs 0.#", ":lens #", ":near gatto #", ":predict #",
    ":predict \"Il\" #", ":surprise #", ":curve W_E[#, 0]", ":curve #", ":weights W_E #",
    ":leaks #",
    ":set W_E[#, 0] = 1", ":set W_E[0, 0] = #", ":set lr = #", ":set t = #",
    ":set tokens[0, 0] = #",
    ":set targets[0, #] = 1", ":set logits[0, 0, 0] = #", ":ablate #.#", ":ablate 0.#", ":fork #",
    ":swap #", ":diff #", ":mask window #", ":mask custom mask * #", ":optimizer sgd lr #",
    ":optimizer adamw lr # beta1 # beta2 # eps # weight-decay #", ":optimizer sgd clip # warmup #",
    ":optimizer adamw accumulate #", ":optimizer sgd steps #", ":precision #",
    ":model gatto seed #",
    ":objective masked #", ":objective span seed #", ":tokenizer bpe #", ":tokenizer words #",
    ":merges #", ":grammar #", ":eval #", ":generate #", ":generate \"Il\" # temperature # seed #",
    ":generate \"Il\" 1 top-k # top-p #", ":corpus gatto-1 rows #", ":corpus gatto-1 take # rows 2",
    ":corpus gatto-1 seed #", ":watch W_E[#, 0]", ":watch off #", ":break off #",
    ":break loss if #",
    ":rwatch W_E[#, 0]", ":history #", ":mark #", ":lesson #", ":hint #", ":check #", ":zoom #",
    ":params #", ":program #", ":text \"#\"", ":oracle #", ":undo",
    "#", "-#", "[#, #]", "W_E[#]", "W_E[#:#]", "W_E[::#]", "W_E * #", "W_E / #", "W_E @ #",
    "topk(logits, #)", "argtopk(W_E, #)", "onehot(#, #)", "onehot(tokens, #)", "sum(W_E, axis: #)",
    "softmax(W_E * #)", "log(#)", "sqrt(#)", "exp(#)", "# == #", "let x = #",
    "grad(sum(W_E * #), W_E)",
  ]

  private static let states = [
    [":train 3", ":ablate 0.0", ":back 20", ":until probs", ":why probs[0,1,2]"],
    [":optimizer adamw", ":corpus gatto-1 rows 2", ":run", ":why loss"],
  ]

  @Test(arguments: states.indices)
  func noNumberIsTooMuch(state: Int) throws {
    // As if somebody who has seen enough pressed Ctrl-C.
    var patience = 0
    let probe = try ShellProbe(interrupted: {
      patience -= 1
      return patience < 0
    })
    func type(_ line: String) -> (outcome: Shell.Outcome, output: String, errors: String) {
      patience = 60
      return probe.type(line)
    }
    for line in Self.states[state] { _ = type(line) }
    let start = probe.shell.session
    for template in Self.templates {
      for number in Self.numbers {
        let result = type(template.replacing("#", with: number))
        #expect(result.outcome == .failed || result.errors.isEmpty)
        #expect(result.outcome != .failed || !result.errors.isEmpty)
      }
      probe.shell.session = start
    }
    #expect(probe.type(":where").outcome == .done)
  }

  @Test(arguments: [
    ":text \"a b\"", ":model gatto seed 3", ":mask none", ":precision f64", ":objective masked",
    ":tokenizer chars", ":corpus gatto-1 rows 2", ":optimizer adamw",
  ])
  func whatWasAskedOfOneProgramIsNoQuestionToAnother(line: String) throws {
    let probe = try ShellProbe()
    probe.run(":until probs", ":why probs[0,3,4]", line, ":step 60")
    #expect(probe.run(":why 6").contains("there has been no :why yet"))
    #expect(probe.run(":why up").contains("there has been no :why yet"))
    // What is taken back brings its own question with it.
    probe.run(":undo")
    #expect(probe.type(":why up").outcome == .done)
  }

  @Test func aQuestionOutlivesMovesAndForks() throws {
    let probe = try ShellProbe()
    probe.run(":until probs", ":why probs[0,3,4]", ":fork a", ":run", "let x = loss")
    #expect(probe.type(":why 2").outcome == .done)
    #expect(probe.type(":why 1").outcome == .done)
    #expect(probe.type(":why up").outcome == .done)
  }
}
