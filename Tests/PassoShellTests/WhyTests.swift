// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import PassoShell
import PassoText
import Testing

struct WhyTests {
  /// The lines that begin with an equals sign: the formula with names, with numbers, the result.
  private func equations(_ output: String) -> [(sign: String, text: String)] {
    output.split(separator: "\n").compactMap { line in
      let text = line.drop { $0 == " " }
      guard text.hasPrefix("= ") || text.hasPrefix("≈ ") else { return nil }
      return (String(text.prefix(1)), String(text.dropFirst(2)))
    }
  }

  @Test func moreDigitsAreShownWhereTheyAreTrue() throws {
    let probe = try ShellProbe()
    probe.run(":precision f64", ":until loss")
    for name in ["probs[0,1,2]", "loss", "blocks.0.ln1.out[0,2,3]"] {
      let shown = try #require(equations(probe.run(":why \(name)")).last)
      let value = try probe.shell.session.value(of: name.replacing(",", with: ", "))
      #expect(shown.sign == "=" && shown.text.count >= 13, "\(name): \(shown.text)")
      #expect(abs(try #require(Double(shown.text)) - value) <= 1e-12 * abs(value))
    }
  }

  @Test(arguments: [7, 8, 12])
  func aShareIsSeenInTheSumThatItIsOf(positions: Int) throws {
    let probe = try ShellProbe()
    let words = (0..<positions).map { "parola\($0)" }.joined(separator: " ")
    probe.run(":text \"\(words)\"", ":until blocks.0.attn.pattern")
    for key in 0..<positions {
      let own = "exp(blocks.0.attn.masked[0,0,\(positions - 1),\(key)])"
      let output = probe.run(":why blocks.0.attn.pattern[0,0,\(positions - 1),\(key)]")
      let line = try #require(equations(output).first?.text)
      #expect(line.split(separator: own, omittingEmptySubsequences: false).count == 3, "\(line)")
      // One term is said as it is.
      #expect(line.contains("{…") == (positions > 7) && !line.contains("{… 1}"), "\(line)")
      let name = "blocks.0.attn.pattern[0,0,\(positions - 1),\(key)]"
      let whole = try #require(equations(probe.run(":why \(name) all")).first?.text)
      #expect(!whole.contains("{"))
    }
  }

  @Test(arguments: ["gatto", "gatto-llama"], ["", " all"])
  func aThousandNumbersAreWhatTheirLinesGive(model: String, ending: String) throws {
    let probe = try ShellProbe()
    probe.run(":model \(model)", ":optimizer adamw", ":train 3")
    let timeline = probe.shell.session.timeline
    let steps = timeline.plan.program.steps
    var source = RandomSource(seed: 31)
    var (exact, digits) = (0, 0)
    for _ in 0..<260 {
      let step = steps[Int(source.next() % UInt64(steps.count))]
      let value = timeline.plan.program[step.output]
      let place = value.shape.sizes.map { String(source.next() % UInt64($0)) }
      let name = value.name + (place.isEmpty ? "" : "[\(place.joined(separator: ","))]")
      let result = probe.type(":why \(name)\(ending)")
      #expect(result.outcome == .done, "\(name): \(result.errors)")
      let lines = equations(result.output)
      #expect(lines.count == 3, "\(name)")
      guard lines.count == 3, let number = Arithmetic.value(lines[1].text) else {
        Issue.record("\(name): \(result.output)")
        continue
      }
      guard lines[2].sign == "=" else { continue }
      exact += 1
      let shown = lines[2].text
      let count = shown.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }.count
      digits += count
      if let wanted = Double(shown) {
        // The last digit that is shown may be the rounding of either.
        let again = NumberText.code(number, digits: max(count, 1))
        let gap = abs((Double(again) ?? .nan) - wanted)
        #expect(
          wanted == number || gap <= 1e-12 * abs(wanted),
          "\(name) = \(shown), the line gives \(number)"
        )
      }
    }
    #expect(exact > 250)
    #expect(digits > 4 * exact, "\(digits) digits of \(exact) numbers")
  }

  @Test func theWayLeadsDownToWordsAndWeights() throws {
    let probe = try ShellProbe(.it)
    probe.run(":train 2", ":until loss")
    #expect(probe.run(":why embed[0, 2, 3]").contains("posizione 2 gatto"))
    let table = probe.run(":why embed[0, 2, 3]")
    let number = try #require(
      table.split(separator: "\n").first { $0.contains("tokens[0,2]") }?
        .firstMatch(of: /:why (\d+)/)?.output.1
    )
    #expect(probe.run(":why \(number)").contains("gatto"))
    #expect(probe.run(":why up").contains("embed[0,2,3]"))
    #expect(probe.run(":why 1").contains("aggiornamento 1"))
    #expect(probe.run(":why blocks.0.attn.masked[0, 0, 1, 4]").contains("log(0)"))
  }

  @Test(arguments: [
    (":why logits", "needs a single number of 'logits'"),
    (":why logits[0]", "needs a single number"),
    (":why logits[0, 9, 0]", "axis position goes from 0 to 4"),
    (":why grad.W_E[0, 0]", "not computed"),
    (":why nope[0]", "no value is called 'nope'"),
    (":why 3", "no :why yet"),
    (":why up", "no :why yet"),
    (":why loss up", "needs one of all"),
    (":why 1+1", "needs a number of a value"),
    (":why", "needs a value"),
  ])
  func whatCannotBeExplained(line: String, message: String) throws {
    let probe = try ShellProbe()
    probe.run(":until logits")
    let result = probe.type(line)
    #expect(result.outcome == .failed)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func aTermThatIsNotThere() throws {
    let probe = try ShellProbe()
    probe.run(":until loss", ":why loss")
    #expect(probe.type(":why 9").errors.contains("has 5 terms, got 9"))
    #expect(probe.run(":why up").contains("loss ="))
  }

  @Test func aNumberThatWasPutInIsNoResult() throws {
    let probe = try ShellProbe()
    probe.run(":until blocks.0.attn.z", ":set blocks.0.attn.z[0, 1, 0, 2] = 7")
    let output = probe.run(":why blocks.0.attn.z[0, 1, 0, 2]")
    #expect(output.contains("= 7") && output.contains(":set"))
  }
}
