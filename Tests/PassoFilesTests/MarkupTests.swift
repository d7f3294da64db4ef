// SPDX-License-Identifier: MIT

import PassoFiles
import PassoTestSupport
import Testing

@testable import PassoFiles

struct MarkupTests {
  @Test(arguments: [
    ("<!DOCTYPE html>\n<p>Il gatto</p>", FileFormat.html), ("  <html lang=\"it\">", .html),
    ("<?xml version=\"1.0\"?><!DOCTYPE html><html>", .html),
    ("<?xml version=\"1.0\"?>\n<TEI><p>Il gatto</p></TEI>", .xml),
    ("<!DOCTYPE book>", .xml), ("{\\rtf1\\ansi Il gatto}", .rtf),
  ])
  func whatIsWrittenForOtherProgramsIsKnown(text: String, markup: FileFormat) {
    #expect(FileFormat(Array(text.utf8)) == markup)
  }

  @Test(arguments: [
    "", "Il gatto <b>dorme</b>", "<3 il gatto", "{ il gatto }", "# Titolo", "\\rtf",
  ])
  func plainTextIsNone(text: String) {
    #expect(FileFormat(Array(text.utf8)) == nil)
  }

  @Test func theAdviceNamesTheCommand() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Array("<html><p>Il gatto dorme</p>\n".utf8), to: "my page")
    let source = TextSource([TextInput(path: path)], unit: .line)
    let advice = TextAdvice.all(for: source, words: false)
    #expect(advice == [.markup(.html, file: path)])
    let command = "pandoc -t plain -o '\(path).txt' '\(path)'"
    #expect(advice.first?.message.en.contains(command) ?? false)
  }
}
