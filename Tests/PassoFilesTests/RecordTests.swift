// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles

/// Texts in one field of each record.
struct RecordTests {
  /// The texts of a field, read with buffers of many sizes.
  private func texts(_ content: String, field: String) throws -> [String] {
    let scratch = try Scratch()
    let path = try scratch.write(Array(content.utf8), to: "records")
    var source = TextSource([TextInput(path: path)])
    source.field = field
    var found: [String]?
    for size in [1, 2, 3, 7, 64, 1 << 20] {
      var reader = TextReader(source, bufferSize: size)
      var texts: [String] = []
      _ = try reader.read { piece in
        if piece.isFirst { texts.append("") }
        texts[texts.count - 1] += String(decoding: piece.bytes, as: UTF8.self)
      }
      #expect(found == nil || found == texts, "buffer of \(size)")
      found = texts
    }
    return found ?? []
  }

  /// What a person is told.
  private func problem(_ content: String, field: String) -> RecordProblem? {
    do {
      _ = try texts(content, field: field)
      return nil
    } catch {
      return error as? RecordProblem
    }
  }

  private static let quoted = "id,text,label\n0,\"Il \"\"gatto\"\", rosso\",a\n1,\"due\nrighe\",b\n"

  @Test(arguments: [
    (quoted, ["Il \"gatto\", rosso", "due\nrighe"]),
    ("id;text\r\n1;uno, due\r\n2;tre\r\n", ["uno, due", "tre"]),
    ("text\tid\nuno\t1\n\ndue\t2", ["uno", "due"]),
    ("text\nuno\n\"\"\ndue\n", ["uno", "due"]),
    ("\u{FEFF}text,id\nperché,1\n", ["perché"]),
    ("text,id\na\"b\"c,1\n", ["a\"b\"c"]),
    ("{\"text\": \"uno\\ndue\"}\n\n{\"id\": 2, \"text\": \"tre\"}\n", ["uno\ndue", "tre"]),
    ("[{\"text\": \"un]o\"},\n {\"text\": \"d\\\"}ue\"}]", ["un]o", "d\"}ue"]),
    ("{\n  \"text\": \"uno\"\n}\n{\n  \"text\": \"due\"\n}\n", ["uno", "due"]),
    ("{\"text\": null}\n{\"text\": 5}\n{\"text\": \" \"}\n", ["5"]),
  ])
  func textsAreTakenOutOfTheirField(content: String, expected: [String]) throws {
    #expect(try texts(content, field: "text") == expected)
  }

  @Test func aFieldMayStandInsideAnother() throws {
    let line = #"{"meta": {"text": "dentro"}, "meta.x": "fuori"}"#
    #expect(try texts(line, field: "meta.text") == ["dentro"])
    #expect(try texts(line, field: "meta.x") == ["fuori"])
  }

  @Test func whatIsMissingIsSaidWithWhatThereIs() throws {
    let table = try #require(problem(Self.quoted, field: "texto"))
    #expect(table.place?.line == 1 && table.hint?.en == "did you mean 'text'?")
    let object = try #require(problem("{\"a\": 1, \"b\": {\"c\": 2}}\n", field: "zzzzzz"))
    #expect(object.hint?.en == "the fields are: a, b.c")
    guard case .shortRow(columns: 1, needed: 2, _, line: 3) = problem("a,b\n1,2\n3\n", field: "b")
    else {
      Issue.record("a short row")
      return
    }
    guard case .openQuote = problem("a,b\n1,\"2\n", field: "b") else {
      Issue.record("quotes that stay open")
      return
    }
    guard case .json(_, _, line: 2) = problem("{\"a\": \"x\"}\n{\"a\": \"x\n", field: "a") else {
      Issue.record("an object that is cut")
      return
    }
    let list = problem("{\"a\": []}\n", field: "a")
    guard case .noText("a", found: "[...]", _, line: 1) = list else {
      Issue.record("a list instead of text")
      return
    }
    guard case .noObject = problem("{\"a\": \"x\"}\n[1]\n", field: "a") else {
      Issue.record("a list instead of an object")
      return
    }
  }

  @Test(arguments: [
    ("id,text,label\n0,uno,a\n1,due,b\n", "id text label"),
    ("{\"text\": \"uno\", \"id\": 1}\n{\"text\": \"due\", \"id\": 2}\n", "text id"),
    ("[{\"testo\": \"uno\"}]", "testo"),
    ("Il gatto, che dorme,\nsogna il pesce, che nuota.\nIl cane, che corre, abbaia.\n", ""),
    ("Nel mezzo del cammin di nostra vita\nmi ritrovai per una selva oscura\n", ""),
    ("Uno, due\ntre, quattro\n", ""),
    ("{non è JSON}\n", ""),
  ])
  func recordsAreToldFromProse(content: String, fields: String) {
    let guess = RecordGuess(Array(content.utf8), isTable: false)
    #expect((guess?.fields ?? []).joined(separator: " ") == fields)
  }

  /// A record is larger than a buffer and than a piece; nothing is read twice.
  @Test func longRecordsAreCutAsLongTextsAre() throws {
    let text = String(repeating: "parola ", count: 12_000)
    let found = try texts("id,text\n1,\"\(text)\"\n2,fine\n", field: "text")
    #expect(found == [text, "fine"])
  }
}
