// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoRuntime
import PassoShell
import PassoTestSupport
import PassoText
import Testing

struct ExpressionTests {
  private func value(_ line: String, _ probe: ShellProbe? = nil) throws -> [Double] {
    let probe = try probe ?? ShellProbe()
    return try probe.shell.values(of: line)
  }

  @Test func lessonOneToThreeInOneLine() throws {
    let probe = try ShellProbe()
    probe.type(":precision f64")
    probe.type(":run")
    for line in [
      "max(abs(grad.logits - (probs - onehot(targets, 6)) / 5)) < 1e-15",
      "max(upper(pattern)) == 0", "sum(pattern, axis: key) - 1 < 1e-15",
      "max(abs(ln_final.out @ W_U - logits)) < 1e-12",
      "max(abs(q[0, 3] @ k[0, 1] - dots[0, :, 3, 1])) < 1e-15",
      "max(abs(pattern[0, 0] @ v[0, :, 0] - z[0, :, 0])) < 1e-15",
      "max(abs(blocks.0.attn.dots / sqrt(8) - scores)) < 1e-15",
      "max(abs(resid_pre + blocks.0.attn.out - resid_mid)) == 0",
    ] {
      #expect(try value(line, probe).allSatisfy { $0 == 1 }, "\(line)")
    }
  }

  @Test func letKeepsAValue() throws {
    let probe = try ShellProbe()
    #expect(probe.type("let a = [1, 2]").outcome == .done)
    #expect(try value("a + a[0]", probe) == [2, 3])
    #expect(probe.type("let loss = 1").errors.contains("the name 'loss' is taken"))
  }

  @Test func slicesAreThoseOfPython() throws {
    let numbers = (0..<60).map(Double.init)
    let probe = try ShellProbe()
    probe.shell.session.bindings["x"] = Tensor(
      Shape((.batch, 3), (.query, 4), (.key, 5)),
      numbers
    )
    let ranges: [(text: String, pick: (Int) -> [Int])] = [
      ("1", { _ in [1] }), ("-1", { [$0 - 1] }), (":", { Array(0..<$0) }),
      ("1:", { Array(1..<$0) }), (":2", { _ in [0, 1] }),
      ("::2", { Array(stride(from: 0, to: $0, by: 2)) }),
      ("-2:", { [$0 - 2, $0 - 1] }), ("::-1", { Array((0..<$0).reversed()) }),
      ("2:0:-1", { _ in [2, 1] }), ("-100:100", { Array(0..<$0) }),
    ]
    for a in ranges {
      for b in ranges {
        for c in ranges {
          let expected = a.pick(3).flatMap { i in
            b.pick(4).flatMap { j in c.pick(5).map { k in Double(i * 20 + j * 5 + k) } }
          }
          #expect(try value("x[\(a.text), \(b.text), \(c.text)]", probe) == expected)
        }
      }
    }
  }

  @Test(arguments: [
    (
      "1 +",
      "1 +\n   ^\nerror: the expression is not finished\n"
        + "hint: complete the line, ↑ brings it back\n"
    ),
    (
      "(1 + 2",
      "(1 + 2\n      ^\nerror: ')' is missing\n"
        + "hint: complete the line, ↑ brings it back\n"
    ),
    (
      "1 $ 2",
      "1 $ 2\n  ^\nerror: '$' has no place here\n"
        + "hint: :help expressions lists what can be written\n"
    ),
    (
      "1 2",
      "1 2\n  ^\nerror: '2' has no place here\n"
        + "hint: :help expressions lists what can be written\n"
    ),
    (
      "sofmax([1])",
      "sofmax([1])\n^^^^^^\nerror: there is no function 'sofmax'\nhint: did you mean 'softmax'?\n"
    ),
    (
      "exp(1, 2)",
      "exp(1, 2)\n^^^^^^^^^\nerror: 'exp' needs 1 argument, got 2\n"
        + "hint: :help expressions lists what can be written\n"
    ),
    (
      "exp(1, axis: 0)",
      "exp(1, axis: 0)\n       ^^^^^^^\nerror: 'exp' does not know 'axis:'\n"
        + "hint: :help expressions lists what can be written\n"
    ),
    (
      "sum(W_E, axis: head)",
      "sum(W_E, axis: head)\n         ^^^^^^^^^^\nerror: needs an axis of [vocab 6, model 16], got"
        + " 'head'\n"
        + "hint: :help expressions lists what can be written\n"
    ),
    (
      "W_E[6]",
      "W_E[6]\n    ^\nerror: axis vocab goes from 0 to 5, or from -6 to -1, got 6\n"
        + "hint: for example x[0], x[-1] or x[1:3]; indices begin at 0\n"
    ),
    (
      "W_E[0, 0, 0]",
      "W_E[0, 0, 0]\n^^^^^^^^^^^^\nerror: [vocab 6, model 16] has 2 axes, there are 3 indices\n"
        + "hint: for example x[0], x[-1] or x[1:3]; indices begin at 0\n"
    ),
    (
      "W_E[::0]",
      "W_E[::0]\n    ^^^\nerror: the step of a slice cannot be 0\n"
        + "hint: for example x[0], x[-1] or x[1:3]; indices begin at 0\n"
    ),
    (
      "W_E[0] + W_E[0, 1:]",
      "W_E[0] + W_E[0, 1:]\n^^^^^^^^^^^^^^^^^^^\nerror: 'plus' needs one size along axis model, got"
        + " [model 16] and [model 15]\n"
    ),
    (
      "1 + logits",
      "1 + logits\n    ^^^^^^\nerror: 'logits' is not computed yet\n"
        + "hint: :until logits computes it\n"
    ),
    (
      "step",
      "step\n^^^^\nerror: no value is called 'step'\nhint: commands begin with a colon: ':step'?\n"
    ),
    (
      "[[1], [1, 2]]",
      "[[1], [1, 2]]\n^^^^^^^^^^^^^\nerror: the rows of a list all have one length\n"
        + "hint: :help expressions lists what can be written\n"
    ),
  ])
  func aMistakeIsUnderlined(line: String, expected: String) throws {
    let reply = try ShellProbe().type(line)
    #expect(reply.outcome == .failed)
    #expect(reply.errors == expected)
  }

  @Test func aListLinesUpWithTheLastAxis() throws {
    let probe = try ShellProbe()
    probe.shell.session.bindings["x"] = Tensor(Shape((.query, 2), (.key, 2)), [1.0, 2, 3, 4])
    #expect(try value("x * [10, 100]", probe) == [10, 200, 30, 400])
    #expect(
      probe.type("x * [1, 2, 3]").errors.contains("'times' needs one size along axis key")
    )
  }

  @Test func positionsOfDifferentKindsAreNotMixedUp() throws {
    let probe = try ShellProbe()
    probe.type(":until logits")
    #expect(
      probe.type("pattern[0, 0] + embed[0]").errors.contains(
        "'plus' needs positions of one kind (position, query or key)"
      )
    )
  }

  @Test func divisionByZeroIsAValue() throws {
    #expect(try value("0 / 0")[0].isNaN)
    #expect(try value("1 / 0") == [.infinity])
  }

  @Test func aValueLargerThanMemoryIsRefused() throws {
    let probe = try ShellProbe()
    let wide = (0..<9).map { Axis("a\($0)") }
    for (index, axis) in wide.enumerated() {
      probe.shell.session.bindings["x\(index)"] = Tensor(
        Shape((axis, 200)),
        Array(repeating: 1.0, count: 200)
      )
    }
    for line in ["x0 * x1 * x2 * x3 * x4 * x5", "x0 * x1 * x2 * x3 * x4 * x5 * x6 * x7 * x8"] {
      #expect(probe.type(line).errors.contains("GB that it may have in all"))
    }
  }

  @Test func bracketsWithoutEndAreNoTrap() throws {
    let probe = try ShellProbe()
    for character in ["(", "[", "-", "exp("] {
      let reply = probe.type(String(repeating: character, count: 900))
      #expect(reply.errors.contains("error: "))
    }
    #expect(probe.type(String(repeating: "1+", count: 3000)).errors.contains("at most 4000"))
  }

  @Test func garbageGivesProblemsOnly() throws {
    let probe = try ShellProbe()
    probe.type(":run")
    var random = RandomSource(seed: 23)
    let pieces = [
      "1", "-", "+", "*", "@", "(", ")", "[", "]", ",", ":", "...", "W_E", "sum", "axis", "let",
      "=",
      "99999999999999999999", "1e999", "W_pos[0]", "==", "softmax", " ", "é", "\u{0}", ".",
      "tokens",
      "onehot", "0", "grad(", "loss", "topk(", "argtopk(", "pattern", "2147483648",
      "-9223372036854775808", "9223372036854775807",
    ]
    for _ in 0..<1000 {
      let count = Int.random(in: 1...12, using: &random)
      let line = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
      if line.hasPrefix(":") { continue }
      _ = probe.type(line)
    }
    #expect(try value("1 + 1", probe) == [2])
  }
}

extension Shell {
  /// The numbers that an expression gives in the session.
  func values(of line: String) throws -> [Double] {
    let name = "result\(session.bindings.count)"
    try perform("let \(name) = \(line)")
    return session.bindings[name]?.doubles ?? []
  }
}
