// SPDX-License-Identifier: MIT

import Foundation
import PassoModel
import Testing

/// What is no file, or none that can be read, at every door at which a person names one: nobody
/// waits, nothing is filled with bytes, and a sentence says what is there.
struct StrangeFilesTests {
  /// Things that are no file of text, made under a name.
  private enum Strange: String, CaseIterable {
    case pipe, device, folder, deadLink, loop, huge, unreadable, wrongBytes

    func make(_ path: String) throws {
      let files = FileManager.default
      try? files.removeItem(atPath: path)
      switch self {
      case .pipe: try #require(mkfifo(path, 0o600) == 0)
      case .device: try files.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
      case .folder: try files.createDirectory(atPath: path, withIntermediateDirectories: true)
      case .deadLink: try files.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
      case .loop: try files.createSymbolicLink(atPath: path, withDestinationPath: path)
      case .huge:
        try Data().write(to: URL(filePath: path))
        try #require(truncate(path, 10 << 30) == 0)
      case .unreadable:
        try Data("{}".utf8).write(to: URL(filePath: path))
        try #require(chmod(path, 0) == 0)
      case .wrongBytes:
        try Data((0..<4_000).map { UInt8(truncatingIfNeeded: $0 &* 131 | 0x80) })
          .write(to: URL(filePath: path))
      }
    }
  }

  /// A door: what is typed, and the file that stands in the way.
  private struct Door {
    let arguments: [String]
    let file: String
    var lines = ""

    var takesPipes: Bool {
      lines.hasPrefix(":corpus") || arguments.firstIndex(of: "--text").map { arguments[$0 + 1] } == file
    }
    var hasHint: Bool { arguments.first != "lint" && lines != ":progress" }
  }

  private let root = FileManager.default.temporaryDirectory
    .appending(path: "passo-strange-\(UUID().uuidString)").path

  private func doors() -> [Door] {
    let (m, x) = ("\(root)/m", "\(root)/x")
    let train = ["train", "--preset", "gatto", "--steps", "1", "--out", "\(root)/out"]
    let generate = ["generate", "--model", m, "--prompt", "Il gatto", "--max-new-tokens", "1"]
    return [
      Door(arguments: ["lesson", "\(root)/01-a", "--auto"], file: "\(root)/01-a/lesson.en.md"),
      Door(arguments: ["lint", "\(root)/01-a"], file: "\(root)/01-a/lesson.en.md"),
      Door(arguments: ["replay", x], file: x),
      Door(arguments: [], file: x, lines: ":replay \(x)"),
      Door(arguments: [], file: "\(m)/config.json", lines: ":load \(m)"),
      Door(arguments: [], file: "\(root)/state/passo/progress", lines: ":progress"),
      Door(arguments: [], file: x, lines: ":corpus \(x)"),
      Door(arguments: train + ["--text", x], file: x),
      Door(arguments: train + ["--text", x, "--field", "text"], file: x),
      Door(arguments: train + ["--tokens", x], file: x),
      Door(arguments: train + ["--text", "\(root)/good.txt", "--tokenizer", x], file: x),
      Door(arguments: ["train", "--resume", "--out", m], file: "\(m)/training.json"),
      Door(arguments: ["train", "--resume", "--out", m], file: "\(m)/checkpoint.safetensors"),
      Door(arguments: ["tokenizer", "encode", "--tokenizer", x], file: x, lines: "Il gatto"),
      Door(arguments: ["evaluate", "--model", m, "--text", x], file: x),
      Door(arguments: generate, file: "\(m)/config.json"),
      Door(arguments: generate, file: "\(m)/model.safetensors"),
      Door(arguments: generate, file: "\(m)/tokenizer.json"),
    ]
  }

  private func run(_ door: Door) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      door.arguments + (door.arguments.isEmpty ? [] : ["--lang", "en"]),
      input: door.lines + "\n",
      environment: [
        "XDG_STATE_HOME": "\(root)/state", "XDG_CACHE_HOME": "\(root)/cache", "LANG": "en_US.UTF-8",
      ]
    )
  }

  @Test(.timeLimit(.minutes(2)))
  func nobodyWaitsAndEverybodyIsTold() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let files = FileManager.default
    for folder in ["m", "01-a", "state/passo"] {
      try files.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    try Data("Il gatto dorme.\n".utf8).write(to: URL(filePath: "\(root)/good.txt"))
    let made = try PassoProgram.run([
      "train", "--preset", "gatto", "--text", "\(root)/good.txt", "--steps", "1", "--out",
      "\(root)/m",
    ])
    try #require(made.status == 0, "\(made.errors)")
    for door in doors() {
      let whole = files.contents(atPath: door.file)
      for strange in Strange.allCases where !(strange == .unreadable && getuid() == 0) {
        // A pipe is a text like any other, once somebody writes into it.
        if strange == .pipe, door.takesPipes { continue }
        try strange.make(door.file)
        let reply = try run(door)
        let (isProgress, text) = (door.lines == ":progress", "\(reply.errors)\(reply.output)")
        let name = "\(strange) \(door.arguments) \(door.lines): \(reply.status) \(text)"
        #expect(reply.status == (isProgress && reply.status == 0 ? 0 : 1), "\(name)")
        // A dead link is where nothing is yet; strange notes are no notes.
        #expect(!door.hasHint || text.contains("hint: "), "\(name)")
        #expect(text.utf8.count < 4_000, "\(name)")
        try files.removeItem(atPath: door.file)
      }
      if let whole { try whole.write(to: URL(filePath: door.file)) }
    }
  }
}
