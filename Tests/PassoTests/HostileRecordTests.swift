// SPDX-License-Identifier: MIT

import Foundation
import PassoShell
import PassoText
import Testing

/// `passo grade` with files that somebody sends who means no good.
struct HostileRecordTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-\(UUID())").path

  /// Makes the folder, and in it one short lesson.
  init() throws {
    for language in Language.allCases {
      let lesson = "\(folder)/lessons/01-short"
      try FileManager.default.createDirectory(atPath: lesson, withIntermediateDirectories: true)
      try Self.lesson(language).write(
        toFile: "\(lesson)/lesson.\(language.rawValue).md",
        atomically: false,
        encoding: .utf8
      )
    }
    try FileManager.default.createDirectory(atPath: sent, withIntermediateDirectories: true)
  }

  /// Where the files lie that were sent.
  private var sent: String { folder + "/sent" }

  private static func lesson(_ language: Language) -> String {
    """
    ---
    id: x
    lang: \(language.rawValue)
    title: x
    minutes: 1
    ---
    ```passo-run id=r1
    :text "Il gatto dorme"
    ```

    ```passo-predict id=p1 type=number tolerance=0 locks=r2
    ?
    answer: count(targets >= 0)
    ```

    ```passo-run id=r2
    :pairs
    ```

    ```passo-quiz id=q1
    ?
    - [ ] a  x
      - x
    - [x] b  y
    ```

    ```passo-run id=r3
    :until loss
    ```
    """
  }

  /// The lines of a result that a person has left who took the lesson.
  private func result() throws -> [String] {
    let state = "\(folder)/state"
    let console = Console(
      language: .en,
      isPlain: true,
      terminal: { (80, .none) },
      write: { _ in },
      writeError: { _ in }
    )
    let shell = try Shell(console: console, lessons: "\(folder)/lessons")
    shell.course.records = LessonRecords(folder: state)
    shell.course.notesProgress = true
    try shell.take(shell.course.lesson("1", .en))
    while try SimulatedLearner(shell, .right).takeTurn() {}
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: state).first)
    let text = try String(contentsOfFile: "\(state)/\(name)", encoding: .utf8)
    return text.split(separator: "\n").map(String.init)
  }

  @discardableResult
  private func write(_ lines: [String], _ name: String, ending: String = "\n") throws -> String {
    try write(Data(lines.map { $0 + ending }.joined().utf8), name)
  }

  private func write(_ data: Data, _ name: String) throws -> String {
    try data.write(to: URL(filePath: "\(sent)/\(name)"))
    return "\(sent)/\(name)"
  }

  private func grade(_ words: [String]) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      ["grade"] + words + ["--lang", "en"],
      environment: ["PASSO_LESSONS": "\(folder)/lessons"]
    )
  }

  /// What is said of each file, in their order.
  private func findings(_ output: String) -> [[String]] {
    output.split(separator: "\n").reduce(into: []) { found, line in
      guard line.hasPrefix("  "), !found.isEmpty else { return found.append([String(line)]) }
      found[found.count - 1].append(String(line))
    }
  }

  private var names: Set<String> {
    Set((FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }) ?? [])
  }

  @Test func linesThatReachOutsideDoNothingAndAreNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = try result()
    let place = try #require(lines.firstIndex(of: ":pairs"))
    let target = "\(folder)/written"
    let hostile: [(line: String, says: String)] = [
      (":load ../../etc/passwd", "line \(place + 1): "), (":load /etc", "line \(place + 1): "),
      (":corpus /etc/passwd", "may not read"), (":corpus ../../../../etc/passwd", "may not read"),
      (":tokenizer /etc/passwd", "line \(place + 1): "),
      (":record \(target)", "a recorded session cannot contain ':record'"),
      (":replay /etc/passwd", "a recorded session cannot contain ':replay'"),
      (":save \(target)", "changed after the end"),
      (":export \(target).svg", "changed after the end"), (":quit", "do not reach the end"),
      (":lesson ../01-short", "line \(place + 1): "), (":nothing", "line \(place + 1): "),
      (":train 1000000000", "line \(place + 1): "),
      (":train 1000000", "do not end within 3 seconds"),
    ]
    let files = try hostile.enumerated().map { number, hostile in
      try write(lines[..<place] + [hostile.line] + lines[place...], "\(number).passo")
    }
    let before = names
    let reply = try grade(files + ["--seconds", "3"])
    #expect(reply.status == 1 && reply.errors.isEmpty, "\(reply.errors)")
    #expect(names == before)
    let found = findings(reply.output)
    #expect(found.count == files.count)
    for (hostile, texts) in zip(hostile, found) {
      #expect(texts[0].hasPrefix("✗ "), "\(hostile.line)")
      #expect(texts.contains { $0.contains(hostile.says) }, "\(hostile.line): \(texts)")
      #expect(!texts.contains { $0.contains("root:") })
    }
  }

  @Test func filesThatAreNoneOrNotWholeAreNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = try result()
    let bytes = Data(lines.map { $0 + "\n" }.joined().utf8)
    var files = try (0..<50).map { try write(bytes.prefix(bytes.count * $0 / 50), "cut\($0)") }
    files.append(try write(Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 37) }), "rubbish"))
    let name = try #require(lines.first { $0.hasPrefix("# lesson ") })
    for other in ["../01-short", "/etc", "../../lessons/01-short", "01-short/../01-short", "~"] {
      let changed = lines.map { $0 == name ? name.replacing("01-short", with: other) : $0 }
      files.append(try write(changed, "name\(files.count)"))
    }
    let large = try write(Data("# passo session 1\n".utf8), "large")
    let handle = try #require(FileHandle(forWritingAtPath: large))
    try handle.truncate(atOffset: 100 << 20)
    try handle.close()
    #expect(mkfifo("\(sent)/pipe", 0o600) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: "\(sent)/link",
      withDestinationPath: "/etc/passwd"
    )
    files += [large, "\(sent)/pipe", "\(sent)/link", sent, "/dev/zero", "\(sent)/missing"]
    let reply = try grade(files + ["--seconds", "20"])
    #expect(reply.status == 1 && reply.errors.isEmpty, "\(reply.errors)")
    let found = findings(reply.output)
    #expect(found.count == files.count)
    for texts in found {
      #expect(texts[0].hasPrefix("✗ ") && texts.count > 1, "\(texts)")
      #expect(!texts.contains { $0.contains("root:") })
    }
  }

  @Test func aResultIsSoundHoweverItsLinesEnd() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, ending) in [("unix", "\n"), ("windows", "\r\n")] {
      let file = try write(try result(), name, ending: ending)
      let reply = try grade([file])
      #expect(reply.status == 0 && reply.output.hasPrefix("✓ "), "\(reply.output)")
    }
  }

  @Test func aTableTakesNoOtherFilesPlace() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try write(try result(), "a.passo")
    let own = try write(Data("x,y\n1,2\n".utf8), "own.csv")
    let (link, deep) = ("\(sent)/link.csv", "\(file)/x.csv")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    let contents = try Data(contentsOf: URL(filePath: file))
    for table in [file, own, link, sent, deep, "\(sent)/none/x.csv", "/proc/x.csv", ""] {
      let before = names
      let reply = try grade([file, "--csv", table])
      #expect(reply.status != 0 && reply.output.isEmpty, "\(table): \(reply.output)")
      #expect(reply.errors.contains("error: "), "\(table): \(reply.errors)")
      #expect(names == before, "\(table)")
    }
    #expect(try Data(contentsOf: URL(filePath: file)) == contents)
    for _ in 0..<2 {
      #expect(try grade([file, "--csv", "\(sent)/new.csv"]).status == 0)
      let rows = try String(contentsOfFile: "\(sent)/new.csv", encoding: .utf8)
      #expect(rows.split(separator: "\n").count == 2)
    }
  }
}
