// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation
import PassoFuzz
import PassoText
import Testing

@testable import passo

/// What the program itself reads: the words after its name, and the history of a person.
///
/// The other readers are attacked by `passo-fuzz`.
struct HostileUsageTests {
  @Test func noWordsAfterTheNameEndTheProgram() throws {
    let lines = [
      "train --preset gatto --text a.txt --steps 10 --lr 1e-3 --out x --batch 8 --seed 1 --resume",
      "generate --model x --prompt Il --max-new-tokens 20 --temperature 0.5 --top-k 3 --json",
      "tokenizer train --text a b --vocab-size 300 --out t.json", "lesson 1 --auto --lang it",
      "evaluate --model x --corpus gatto-1", "help train", "export --lesson 2 --out a.html",
      "bench --workload W3 --threads 2 --breakdown", "trace --model x --tokens t.json --out y",
      "--lang en lint lessons", "tokenizer encode --tokenizer t.json --json", "replay a --auto",
    ]
    let mutator = Mutator(
      samples: lines.map { Array($0.utf8) },
      words: lines.flatMap { $0.split(separator: " ").map(String.init) } + ["--", "-h", "--help"],
      longest: 4_096
    )
    var refused = 0
    for number in 0..<300 {
      let input = mutator.input(number, of: "usage", seed: 1)
      let words = String(decoding: input, as: UTF8.self).split(separator: " ").map(String.init)
      let invocation = Invocation(words, environment: [:])
      let path = CommandPath(invocation.arguments)
      do {
        if let problem = invocation.languageProblem ?? path.problem { throw problem }
        _ = try Passo.parseAsRoot(invocation.arguments)
      } catch  where !Passo.exitCode(for: error).isSuccess {
        refused += 1
        let problem = (error as? any Problem) ?? ParserMessage.problem(error, path)
        for language in Language.allCases {
          #expect(!problem.message[language].isEmpty, "\(words)")
          let text = problem.text(language)
          #expect(!text.contains { $0 != "\n" && $0.unicodeScalars.contains(where: \.isControl) })
        }
      } catch {}
    }
    #expect(refused > 100)
  }

  @Test func noHistoryEndsASession() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let mutator = Mutator(samples: [Array(":step\n:text \"perché\"\nlogits[0]\n".utf8)], words: [])
    for number in 0..<500 {
      let input = mutator.input(number, of: "history", seed: 1)
      #expect(FileManager.default.createFile(atPath: path, contents: Data(input)))
      let history = HistoryFile(path: path)
      let lines = history.load()
      #expect(lines.allSatisfy { !$0.unicodeScalars.contains(where: \.isControl) })
      #expect(history.append(":where \(number)"))
      #expect(HistoryFile(path: path).load().last == ":where \(number)")
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
