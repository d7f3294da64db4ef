// SPDX-License-Identifier: MIT

import Testing

/// What the sources keep to; where a rule has exceptions, they are listed with the reason.
struct HouseTests {
  // MARK: Sizes

  @Test func noFileHas400Lines() {
    #expect(SourceTree.sources.count > 400 && SourceTree.tests.count > 100)
    for file in SourceTree.sources + SourceTree.tests + SourceTree.others
    where file.lines.count > 400 {
      Issue.record("\(file.path): \(file.lines.count - 1) lines")
    }
  }

  @Test func noLineHasMoreThan100Columns() {
    for file in SourceTree.sources + SourceTree.tests {
      for (number, line) in file.lines.enumerated() where line.count > 100 {
        Issue.record("\(file.path):\(number + 1): \(line.count) columns")
      }
    }
  }

  /// A limit counts the wait for a free thread too, which may be long: a test would fail on a slow
  /// machine for no fault of its own.
  @Test func noTestHasALimitOfTime() {
    let trait = ".time" + "Limit("
    for file in SourceTree.tests where file.lines.contains(where: { $0.contains(trait) }) {
      Issue.record("\(file.path): \(trait)")
    }
  }

  @Test func functionsAreShort() {
    var count = 0
    for (file, tokens) in SourceTree.tokens {
      for function in FunctionSize.all(in: tokens) {
        count += 1
        // The words of a type's cases stand side by side in one property.
        if function.lineCount > (function.isTable ? 155 : 55) {
          Issue.record(
            "\(file.path):\(function.line): \(function.name), \(function.lineCount) lines"
          )
        }
      }
    }
    #expect(count > 3000)
  }

  // MARK: Imports

  /// The manifest is the table of what may be imported.
  @Test(arguments: Target.all.filter { !$0.files.isEmpty })
  func importsAreTheArrowsOfTheManifest(target: Target) {
    let names = Set(Target.all.map(\.name)).union(["ArgumentParser"])
    let imports = target.files.reduce(into: Set<String>()) { $0.formUnion($1.imports) }
    // It needs the program, which nobody can import.
    let arrows = target.dependencies.subtracting(["passo-fuzz"])
    #expect(imports.intersection(names) == arrows)
  }

  /// A target uses those above it in the list only, so no arrow points upwards.
  @Test func arrowsPointDownwards() {
    var below: Set = ["ArgumentParser"]
    for target in Target.all {
      let missing = target.dependencies.subtracting(below)
      #expect(missing.isEmpty, "\(target.name) is declared before \(missing)")
      below.insert(target.name)
    }
    #expect(below.contains("PassoShell"))
  }

  /// Of Foundation only its essentials: nothing here needs the rest of that large library.
  @Test func ofTheSystemLittleIsImported() {
    let names = Set(Target.all.map(\.name)).union(["ArgumentParser"])
    let allowed = names.union(["Glibc", "Dispatch", "Synchronization", "FoundationEssentials"])
    for file in SourceTree.sources {
      let more = file.imports.subtracting(allowed)
      #expect(more.isEmpty, "\(file.path)")
    }
  }

  // MARK: What stops a program

  @Test func nothingIsForced() {
    for (file, tokens) in SourceTree.tokens {
      for (before, token) in zip(tokens, tokens.dropFirst()) where token.kind == .mark {
        guard token.text == "!", token.isJoined else { continue }
        // `try!`, `as!`, a type `T!` and a value `x!`; not `a != b`.
        if before.kind != .mark || [")", "]", ">", "?"].contains(before.text) {
          Issue.record("\(file.path):\(token.line): \(before.text)!")
        }
      }
    }
  }

  /// Preconditions in rooms that read what people and strangers write; each guards a call of ours.
  private static let preconditions = [
    "InputFile.swift": 2, "JSONValue.swift": 1, "PieceBoundary.swift": 1, "TokenSplit.swift": 1,
    "TokenStore.swift": 1, "TokenizerFile.swift": 1, "GrammarView.swift": 1,
    "ExpressionRecorder.swift": 1, "ExpressionGradient.swift": 1, "Journal.swift": 1,
    "Shuffle.swift": 2,
  ]

  @Test func noInputStopsTheProgram() {
    let rooms: Set = [
      "PassoText", "PassoRuntime", "PassoFiles", "PassoLesson", "PassoExpressions", "PassoSession",
      "PassoSessionViews", "PassoShell", "passo",
    ]
    for (file, tokens) in SourceTree.tokens {
      let words = tokens.filter { $0.kind == .word }.map(\.text)
      let stops: Set = ["fatalError", "assertionFailure", "assert", "abort"]
      #expect(stops.isDisjoint(with: words), "\(file.path)")
      guard rooms.contains(file.folder) else { continue }
      let count = words.filter { ["precondition", "preconditionFailure"].contains($0) }.count
      #expect(count <= Self.preconditions[file.name] ?? 0, "\(file.path)")
    }
  }

  // MARK: Tests

  /// Each target has its tests, and each tests its target: `XTests` imports `X`, or runs it.
  @Test func testsMirrorTheSources() {
    let tests = Set(SourceTree.tests.map(\.folder)).filter { $0.hasSuffix("Tests") }
    let swift = Set(SourceTree.sources.map(\.folder))
    func subject(_ name: String) -> String {
      let subject = String(name.dropLast("Tests".count))
      return subject == "Passo" ? "passo" : subject
    }
    let others: Set = ["House", "PassoFuzz"]
    #expect(Set(tests.map(subject)) == swift.union(others))
    for file in SourceTree.tests where file.text.contains("@Test") {
      let subject = subject(file.folder)
      let isSeen = file.imports.contains(subject) || Self.probes.contains { file.text.contains($0) }
      #expect(isSeen || subject == "House", "\(file.path) does not test \(subject)")
    }
  }

  /// By which tests type into a shell, or run the program.
  private static let probes = ["ShellProbe(", "PassoProgram", "LessonAtTerminal("]

  // MARK: Two languages

  /// Words of the field that Italian took over, beside others that it did not.
  private static let shared: Set = [
    "silu(gate) × up", "layer norm", "RMS norm", "4 softmax (pattern)", "formula", "no: ", "target",
  ]

  /// Pairs that are equal in both languages say so: `Bilingual(same:)`.
  @Test func wordsAreInBothLanguages() {
    var count = 0
    for (file, tokens) in SourceTree.tokens {
      for index in tokens.indices where tokens[index].text == "it" {
        guard let it = Self.literal(at: index, "it", tokens),
          let en = Self.literal(at: it.end + 1, "en", tokens)
        else { continue }
        count += 1
        let place = "\(file.path):\(tokens[index].line)"
        // Before a name Italian needs a word where English needs none.
        #expect(!it.text.isEmpty && (!en.text.isEmpty || it.text == "da "), "\(place)")
        #expect(it.text != en.text || Self.shared.contains(it.text), "\(place): \(it.text)")
      }
    }
    #expect(count > 1500)
  }

  /// The literal, or sum of literals, that an argument gives; nil if it is something else.
  private static func literal(
    at start: Int,
    _ label: String,
    _ tokens: [SourceToken]
  ) -> (text: String, end: Int)? {
    guard start + 2 < tokens.count, tokens[start].text == label, tokens[start].kind == .word,
      tokens[start + 1].text == ":"
    else { return nil }
    var (text, place) = ("", start + 2)
    while place < tokens.count, tokens[place].kind == .text {
      text += tokens[place].text
      place += 1
      guard place < tokens.count, tokens[place].text == "+" else { break }
      place += 1
    }
    guard place > start + 2, place < tokens.count, [",", ")"].contains(tokens[place].text) else {
      return nil
    }
    return (text, place)
  }

  @Test func lessonsAreInBothLanguages() {
    let lessons = Dictionary(grouping: SourceTree.lessons, by: \.folder)
    #expect(lessons.count >= 5)
    for (lesson, files) in lessons {
      #expect(files.map(\.name) == ["lesson.en.md", "lesson.it.md"], "\(lesson)")
      #expect(Set(files.map(\.text)).count == 2 && files.allSatisfy { !$0.text.isEmpty })
    }
  }

  // MARK: What is left behind

  @Test func nothingIsPutOffAndNoMachineIsNamed() {
    let later = ["TODO", "FIXME", "HACK"]
    let homes = ["/home/", "/Users/"]
    for file in SourceTree.everything {
      for (number, line) in file.lines.enumerated() {
        // A home that a test makes up.
        let line = line.replacing("/home/a", with: "")
        for word in later + homes where line.utf8.count >= word.utf8.count && line.contains(word) {
          Issue.record("\(file.path):\(number + 1): \(word)")
        }
      }
    }
  }
}
