// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `passo grade` as a teacher runs it.
struct GradeCommandTests {
  @Test func whatIsNoResultIsNamedAndTheTableHasItsRow() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a.passo").path
    let table = folder.appending(path: "grades.csv").path
    try "# passo session 1\n:step\n".write(toFile: file, atomically: false, encoding: .utf8)
    let reply = try PassoProgram.run(["grade", file, "--csv", table, "--lang", "en"])
    #expect(reply.status == 1 && reply.errors.isEmpty)
    #expect(reply.output.hasPrefix("✗ \(file)\n  "))
    #expect(reply.output.contains("is not the record of a lesson"))
    let rows = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n")
    #expect(rows.count == 2 && rows[1].hasPrefix("\(file),,no,"))
    let italian = try PassoProgram.run(["grade", folder.path, file])
    #expect(italian.status == 1 && italian.output.contains("non è il diario di una lezione"))
  }
}
