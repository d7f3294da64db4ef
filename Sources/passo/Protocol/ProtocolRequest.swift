// SPDX-License-Identifier: MIT

import PassoFiles
import PassoText

/// What a client of the protocol asks for, in one line of JSON; see ``ProtocolLoop``.
struct ProtocolRequest: Equatable {
  enum Deed: String, CaseIterable {
    case execute
    case complete
    case inspect
    case check
  }

  /// What the answers carry, so that the client knows what they answer.
  private(set) var id: Int?

  private(set) var deed = Deed.execute

  /// The lines that it is about.
  private(set) var text = ""

  /// Where in the text the cursor is, in Unicode scalars; its end if that is not said.
  private(set) var cursor: Int?

  init(_ deed: Deed, _ text: String, cursor: Int? = nil, id: Int? = nil) {
    (self.deed, self.text, self.cursor, self.id) = (deed, text, cursor, id)
  }

  /// Reads a line.
  ///
  /// - Throws: `ProtocolProblem` that says what is wrong with it.
  init(line: String) throws(ProtocolProblem) {
    var word: String?
    do throws(JSONFault) {
      var reader = JSONReader(Array(line.utf8), replacesHalves: true)
      try reader.object { (key, reader) throws(JSONFault) in
        switch key {
        case "id": id = try reader.integer()
        case "do": word = try reader.string()
        case "text": text = try reader.string()
        case "cursor": cursor = try reader.integer()
        default: try reader.skip()
        }
      }
      try reader.end()
    } catch { throw .notJSON(error, id: id) }
    guard let word, let deed = Deed(rawValue: word) else { throw .unknownDeed(word, id: id) }
    self.deed = deed
  }
}

/// Why a line of a client means nothing.
enum ProtocolProblem: WordedProblem, Equatable {
  case notJSON(JSONFault, id: Int?)
  case unknownDeed(String?, id: Int?)

  /// That of the request, if it was read.
  var id: Int? {
    switch self {
    case .notJSON(_, let id), .unknownDeed(_, let id): id
    }
  }

  private static let example = Bilingual.example(
    #"{"id": 1, "do": "execute", "text": ":step"}"#
  )

  var wording: Wording {
    switch self {
    case .notJSON(let fault, _): fault.message.hint(Self.example)
    case .unknownDeed(let word, _):
      Bilingual(
        it: "una richiesta ha «do» con \(Self.list(" o ")), non \(it: word ?? "niente")",
        en: "a request has 'do' with \(Self.list(" or ")), got \(en: word ?? "nothing")"
      ).hint(Self.example)
    }
  }

  private static func list(_ last: String) -> String {
    let words = ProtocolRequest.Deed.allCases.map(\.rawValue)
    return words.dropLast().joined(separator: ", ") + last + (words.last ?? "")
  }
}

extension Bilingual {
  fileprivate static func example(_ line: String) -> Bilingual {
    Bilingual(it: "per esempio \(line)", en: "for example \(line)")
  }
}
