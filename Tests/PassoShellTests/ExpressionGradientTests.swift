// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoTestSupport
import PassoText
import Testing

@testable import PassoExpressions
@testable import PassoShell

struct ExpressionGradientTests {
  /// Every parameter and every forward value: the same gradient as in the session's backward pass.
  @Test(arguments: ["gatto", "gatto-tied", "gatto-2", "gatto-llama"], [Precision.f32, .f64])
  func theLossHasTheGradientsOfTheBackwardPass(model: String, precision: Precision) throws {
    let probe = try ShellProbe()
    probe.type(":model \(model)")
    probe.type(":precision \(precision == .f32 ? "f32" : "f64")")
    probe.type(":text \"il gatto dorme sul divano\" \"il cane dorme\"")
    probe.type(":train 2")
    probe.type(":run")
    let execution = probe.shell.session.timeline.execution
    let program = execution.program
    let names = program.values.indices.filter { index in
      let value = program.values[index]
      let isForward = value.producer.map { program.steps[$0].phase < .backward } ?? true
      return isForward && program.id(of: "grad.\(value.name)") != nil
    }.flatMap { program.values[$0].names }
    #expect(names.count > 30)
    for name in names {
      let found = try probe.shell.values(of: "grad(loss, \(name))")
      let expected = try #require(try execution.tensor(execution.id(of: "grad.\(name)"))).doubles
      // The bias of the keys has no gradient but rounding.
      let size = expected.reduce(0) { max($0, abs($1)) }
      if size < 1e-8 { continue }
      let tolerance = precision == .f32 ? 2e-4 : 1e-12
      #expect(relativeError(found, expected) < tolerance, "\(name)")
    }
  }

  /// Where no gradient is asked for in a session, the slope itself is the judge.
  static let known: [(expression: String, gradient: [Double])] = [
    ("sum(x * x)", [2.0, 4, -6]), ("x[1]", [0, 1, 0]), ("sum(x[::2])", [1, 0, 1]),
    ("x @ [4, 5, 6]", [4, 5, 6]), ("sum(3 * x - x / 2)", [2.5, 2.5, 2.5]),
    ("norm(x)", [1, 2, -3].map { (x: Double) in x / 14.0.squareRoot() }), ("max(x)", [0, 1, 0]),
    ("min(x)", [0, 0, 1]), ("mean(x)", [1.0 / 3, 1.0 / 3, 1.0 / 3]), ("sum(abs(x))", [1, 1, -1]),
    ("sum(exp(x))", [exp(1.0), exp(2.0), exp(-3.0)]), ("sum(topk(x, 2))", [1, 1, 0]),
    ("log(x[0]) + sqrt(x[1])", [1, 0.5 / 2.0.squareRoot(), 0]),
    ("sum([x[2], 7] * [2, 3])", [0, 0, 2]),
    ("1 / x[0]", [-1, 0, 0]), ("sum(x) * sum(x)", [0, 0, 0]), ("loss", [0, 0, 0]),
    ("sum(x > 0)", [0, 0, 0]), ("argmax(x)", [0, 0, 0]), ("3", [0, 0, 0]),
    ("sum(upper([[1, 2], [3, 4]]) * [x[0], x[1]])", [0, 2, 0]),
    ("sum(softmax(x))", [0, 0, 0]), ("sum(W_E[0, :3] * 0 + x)", [1, 1, 1]),
    ("sum([[1, 2, 3], [4, 5, 6]] @ x)", [5, 7, 9]), ("count(x)", [0, 0, 0]),
  ]

  @Test(arguments: known)
  func knownGradients(expression: String, expected: [Double]) throws {
    let probe = try ShellProbe()
    probe.type(":until loss")
    probe.type("let x = [1, 2, -3]")
    let found = try probe.shell.values(of: "grad(\(expression), x)")
    #expect(found.count == 3)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-14, "\(found)") }
  }

  @Test(arguments: [
    ("logits[0, 2, 3]", "W_E"), ("norm(blocks.0.resid_post[0, 3])", "blocks.0.attn.W_Q"),
    ("max(blocks.1.attn.pattern[0, 0, 4])", "blocks.0.mlp.W_in"),
    ("sum(topk(probs[0], 2)) * loss", "W_U"), ("loss + 0.5 * norm(W_U)", "W_U"),
    ("sum(blocks.1.attn.q @ blocks.1.attn.k[0, 1])", "blocks.1.attn.W_K"),
    ("mean(loss_per_token * loss_per_token)", "W_pos"),
    ("sum(blocks.0.attn.pattern[0] @ blocks.0.attn.v[0] - blocks.0.attn.z[0, 1])", "W_E"),
  ])
  func theGradientIsTheSlope(expression: String, name: String) throws {
    let probe = try ShellProbe()
    probe.type(":model gatto-2")
    probe.type(":precision f64")
    probe.type(":run")
    let gradient = try probe.shell.values(of: "grad(\(expression), \(name))")
    let execution = probe.shell.session.timeline.execution
    let id = try execution.id(of: name)
    let tensor = try #require(try execution.tensor(id))
    for element in [0, tensor.count / 2, tensor.count - 1] {
      func at(_ offset: Double) throws -> Double {
        var numbers = tensor.doubles
        numbers[element] += offset
        var moved = execution
        try moved.set(id, to: Tensor(tensor.shape, numbers))
        try moved.run()
        return try Self.value(of: expression, in: moved, like: probe)
      }
      let step = 1e-4
      let slope = try (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
      #expect(abs(gradient[element] - slope) < 1e-8 * max(1, abs(slope)), "\(name) \(element)")
    }
  }

  /// The values of another execution under names that `let` could have given.
  private static func value(
    of expression: String,
    in execution: Execution,
    like probe: ShellProbe
  ) throws -> Double {
    let other = try ShellProbe()
    other.shell.session = probe.shell.session
    for value in execution.program.values.indices {
      let names = execution.program.values[value].names
      guard let id = execution.program.id(of: names[0]) else { continue }
      for name in names { other.shell.session.bindings[name] = try execution.tensor(id) }
    }
    return try other.shell.values(of: expression)[0]
  }

  @Test func gradientsStandInsideExpressions() throws {
    let probe = try ShellProbe()
    probe.type(":run")
    for line in [
      "norm(grad(loss, W_E) - grad.W_E) < 1e-5",
      "max(abs(grad(loss, logits) - grad.logits)) < 1e-7",
      "grad(loss, W_E)[1, 2] - grad(loss, W_E)[1][2] == 0",
      "grad(loss, loss) == 1",
    ] {
      #expect(try probe.shell.values(of: line) == [1], "\(line)")
    }
    probe.type("let g = grad(loss, W_E)")
    #expect(try probe.shell.values(of: "norm(grad(sum(g * W_E), W_E) - g)") == [0])
    probe.type("let e1 = 2")
    #expect(try probe.shell.values(of: "e1 + 1 * 2") == [4])
  }

  /// A value that somebody changed counts as it is; it is not computed anew from what is before it.
  @Test func heldValuesWinOverRecomputation() throws {
    let probe = try ShellProbe()
    probe.type(":run")
    let session = probe.shell.session
    var context = ExpressionContext(session)
    let logits = try session.timeline.execution.id(of: "logits")
    let line = "grad(sum(logits * logits), W_U)"
    let expression = try ExpressionParser.parse(line).expression
    func gradient() throws -> [Double] {
      try ExpressionRecorder.evaluate(expression, line: line, context: context).tensor.doubles
    }
    let before = try gradient()
    let unchanged = context
    context = ExpressionContext(
      unchanged.program,
      labels: unchanged.labels,
      lookup: unchanged.lookup,
      place: unchanged.place
    ) { id in
      let tensor = try unchanged.held(id)
      return id == logits ? Tensor(tensor.shape, tensor.doubles.map { 3 * $0 }) : tensor
    }
    #expect(try relativeError(gradient(), before.map { 3 * $0 }) < 1e-14)
  }

  @Test func withoutDependenceItIsZeroAndSaysSo() throws {
    let probe = try ShellProbe()
    probe.type(":until loss")
    let reply = probe.type("grad(loss_per_token[0, 0], b)")
    #expect(reply.outcome == .failed)
    probe.type("let b = [1, 2]")
    #expect(
      probe.type("grad(loss, b)").output.contains("does not depend on 'b', or only in jumps")
    )
    #expect(probe.type("grad(loss, mask)").output.contains("the gradient is 0"))
    #expect(!probe.type("grad(loss, W_E)").output.contains("does not depend"))
  }

  @Test(arguments: [
    (
      "grad(logits, W_E)",
      "grad(logits, W_E)\n     ^^^^^^\nerror: grad needs a single number to differentiate, got"
        + " [batch 1, position 5, vocab 6]\nhint: for example grad(sum(…), W_E), or a single"
        + " element\n"
    ),
    (
      "1 + grad(loss, W_E[0])",
      "1 + grad(loss, W_E[0])\n               ^^^^^^\nerror: a gradient is taken by a name\n"
        + "hint: the slice comes after: grad(loss, W_E)[0]; or a name first: let x = …\n"
    ),
    (
      "grad(loss, tokens)",
      "grad(loss, tokens)\n           ^^^^^^\nerror: 'tokens' holds ids, which do not change by a"
        + " little: there is no gradient\nhint: ids enter as rows of W_E: grad(loss, embed)\n"
    ),
    (
      "grad(sum(grad.W_E), W_E)",
      "grad(sum(grad.W_E), W_E)\n         ^^^^^^^^\nerror: 'grad.W_E' is a gradient already or"
        + " depends on one: grad goes through forward steps only\n"
        + "hint: let g = grad.W_E makes it a constant\n"
    ),
    (
      "grad(norm(grad(loss, W_E)), W_E)",
      "grad(norm(grad(loss, W_E)), W_E)\n          ^^^^^^^^^^^^^^^\nerror: 'grad' is a gradient"
        + " already or depends on one: grad goes through forward steps only\n"
        + "hint: let g = grad(…) makes it a constant\n"
    ),
    (
      "grad(loss)",
      "grad(loss)\n^^^^^^^^^^\nerror: 'grad' needs 2 arguments, got 1\n"
        + "hint: :help expressions lists what can be written\n"
    ),
    (
      "mean(logits, axis: vocabulary)",
      "mean(logits, axis: vocabulary)\n             ^^^^^^^^^^^^^^^^\nerror: needs an axis of"
        + " [batch 1, position 5, vocab 6], got 'vocabulary'\nhint: did you mean 'axis: vocab'?\n"
    ),
    (
      "topk(logits, 7)",
      "topk(logits, 7)\n^^^^^^^^^^^^^^^\nerror: 'topk' needs at least 7 numbers along the last axis"
        + " vocab, got [batch 1, position 5, vocab 6]\n"
    ),
    (
      "topk(logits, loss)",
      "topk(logits, loss)\n^^^^^^^^^^^^^^^^^^\nerror: 'topk(x, k)' needs a whole number from 1 on,"
        + " written in digits\nhint: :help expressions lists what can be written\n"
    ),
  ])
  func aMistakeIsUnderlined(line: String, expected: String) throws {
    let probe = try ShellProbe()
    probe.type(":run")
    #expect(probe.type(line).errors == expected)
  }

  @Test func whatIsNotComputedIsTheUsualProblem() throws {
    let probe = try ShellProbe()
    #expect(probe.type("grad(loss, W_E)").errors.contains("'loss' is not computed yet"))
    #expect(probe.type("grad(sum(W_E), logits)").errors.contains("'logits' is not computed yet"))
    #expect(probe.type("grad(sum(W_E), W_E)").outcome == .done)
  }

  @Test func chosenNumbersAndTheirPlaces() throws {
    let probe = try ShellProbe()
    probe.shell.session.bindings["x"] = Tensor(
      Shape((.position, 2), (.vocab, 4)),
      [1, 5, 5, .nan, 4, 3, 2, 9.0]
    )
    #expect(try probe.shell.values(of: "topk(x, 3)") == [5, 5, 1, 9, 4, 3])
    #expect(try probe.shell.values(of: "argtopk(x, 3)") == [1, 2, 0, 3, 0, 1])
    #expect(try probe.shell.values(of: "topk(topk(x, 3), 1)") == [5, 9])
  }

  @Test func whatIsNotFiniteIsSaid() throws {
    let probe = try ShellProbe()
    #expect(
      probe.type("[[1, 1], [1, 2]] / [1, 0]").output.hasSuffix("2 +inf: [0, 1], [1, 1]\n")
    )
    probe.type(":until logits")
    #expect(
      probe.type("1 / (logits - logits)").output.hasSuffix(
        "not finite (NaN or infinite): 30 of 30; the first, +inf, is at [0, 0, 0]\n"
      )
    )
    #expect(probe.type("log(-1)").output.hasSuffix("the result is NaN, no finite number\n"))
    #expect(!probe.type("1 / 2").output.contains("finite"))
    probe.type(":run")
    #expect(!probe.type("blocks.0.attn.masked[0, 0]").output.contains("finite"))
    #expect(probe.type("blocks.0.attn.masked * 1").output.contains("not finite"))
  }

  @Test func whatIsGiganticIsRefusedBeforeItIsMade() throws {
    let probe = try ShellProbe()
    for line in ["onehot([1, 2], 9000000000)", "onehot([1], 999999999999999999)"] {
      #expect(probe.type(line).errors.contains("GB that it may have in all"), "\(line)")
    }
    #expect(probe.type("onehot([1], 9999999999999999999999)").errors.contains("whole number"))
  }

  @Test func aSliceIsNotCalledByTokensThatItDoesNotHold() throws {
    let probe = try ShellProbe()
    #expect(!probe.type("W_E[3:]").output.contains("<start>"))
    #expect(probe.type("W_E").output.contains("<start>"))
  }

  @Test(arguments: Language.allCases)
  func everyFunctionIsOnTheHelpScreen(language: Language) throws {
    let probe = try ShellProbe(language)
    let output = probe.type(":help expressions").output
    for name in ExpressionCommand.functionNames {
      #expect(output.contains(name), "\(name)")
    }
    #expect(probe.type(":help expr").output == output)
    #expect(probe.shell.completion(of: ":help expr").candidates == ["expressions"])
  }
}
