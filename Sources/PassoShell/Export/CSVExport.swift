// SPDX-License-Identifier: MIT

import PassoEngine
import PassoExpressions
import PassoFiles
import PassoModel
import PassoRuntime
import PassoSession
import PassoSessionViews
import PassoText
import PassoView

extension ExportFormat {
  /// The numbers of one value, as a table for spreadsheets, R and pandas.
  static let csv = ExportFormat(
    ending: "csv",
    holds: Bilingual(
      it: "i numeri di un valore, uno per riga, col posto e il token di ogni asse: quello scritto"
        + " dopo il nome del file, se no quello di cui il file ha il nome, se no l'ultimo mostrato;"
        + " con last la tabella dell'ultima riga, se ne ha una (:patch all, :predict all, :generate"
        + " alternatives)",
      en: "the numbers of a value, one a line, with the place and the token of each axis: the value"
        + " written behind the file's name, else the one after which the file is named, else the"
        + " one that was shown last; with last the table of the last line, if it has one (:patch"
        + " all, :predict all, :generate alternatives)"
    ),
    isSame: { beginning, _ in CSVTable.isOne(beginning) },
    write: { shell, request, path in
      if let records = try request.records(shell) {
        try records.write(to: path)
        let count = NumberText.count(records.rows.count)
        return Bilingual(it: "\(count) righe", en: "\(count) rows")
      }
      let choice = try CSVChoice(request, shell)
      let table = CSVTable(choice.tensor, SessionLabels(shell.session), choice.origin)
      try TextFile.write(bytes: table.bytes(), to: path)
      return Bilingual(same: "\(choice.typed)  \(choice.tensor.shape)")
    }
  )
}

extension ExportRequest {
  /// The records of the line before, if they are meant: by `last`, or because no value is.
  ///
  /// - Throws: `ExportProblem.whichValue` if `last` is wanted of a line that has no table.
  fileprivate func records(_ shell: Shell) throws -> RecordTable? {
    let words = arguments.words
    let isLast = words.count == 2 && words[1].text == "last" && !words[1].isQuoted
    guard words.count == 1 || isLast else { return nil }
    guard isLast || CSVChoice.value(namedLike: name, shell.session) == nil else { return nil }
    let records = RecordTable(shell.console.transcript.lastShown?.figures ?? [])
    if isLast, records == nil { throw ExportProblem.whichValue(name) }
    return records
  }
}

/// The value that a table is made of.
private struct CSVChoice {
  let typed: String
  let tensor: Tensor
  let origin: SliceOrigin?

  init(_ request: ExportRequest, _ shell: Shell) throws {
    let (session, words) = (shell.session, request.arguments.words)
    if words.count > 1 {
      let start = words[1].span.lowerBound
      do {
        try self.init(request.arguments.text(from: start), session, indent: start)
      } catch let placed as Placed {
        throw placed.moved(to: request.arguments.line)
      }
    } else if let named = Self.value(namedLike: request.name, session) ?? Self.shown(shell) {
      try self.init(named, session)
    } else {
      throw ExportProblem.whichValue(request.name)
    }
  }

  private init(_ text: String, _ session: Session, indent: Int = 0) throws {
    typed = text
    // Ids keep their integer form where nothing is computed with them.
    if session.bindings[text] != nil || (try? session.fullName(text)) != nil {
      tensor = try session.tensor(text)
      origin = nil
    } else {
      let line = String(repeating: " ", count: indent) + text
      tensor = try session.tensor(of: line)
      origin = session.origin(of: line)
    }
  }

  /// `out/logits.csv` is the file of `logits`.
  fileprivate static func value(namedLike path: String, _ session: Session) -> String? {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = String(name.dropLast(".csv".count))
    let isKnown =
      session.bindings[stem] != nil || session.timeline.plan.program.id(of: stem) != nil
    return isKnown ? stem : nil
  }

  /// The value, or the expression, of the last line that has shown something.
  private static func shown(_ shell: Shell) -> String? {
    guard let line = shell.console.transcript.lastShown?.line else { return nil }
    let text: String
    if line.hasPrefix(":") {
      guard let words = try? Arguments.split(line), words.count == 2,
        let command = try? CommandTable.find(String(words[0].text.dropFirst())),
        command.completion.takesValues
      else { return nil }
      text = words[1].text
    } else {
      text = (try? ExpressionParser.parse(line))?.name ?? line
    }
    // What has shown something else, as `:show attention`, has shown no value.
    return (try? shell.session.tensor(of: text)) == nil ? nil : text
  }
}

/// Numbers as comma-separated values after RFC 4180: a line for each number, because a token can
/// stand at several places of an axis, and stands elsewhere in each row of a batch.
struct CSVTable {
  private let tensor: Tensor
  private let labels: SessionLabels
  private let origin: SliceOrigin?

  init(_ tensor: Tensor, _ labels: SessionLabels, _ origin: SliceOrigin?) {
    (self.tensor, self.labels, self.origin) = (tensor, labels, origin)
  }

  /// What the column of the numbers is called.
  private static let value = "value"

  /// Bytes that a line takes at most, on the whole.
  private static let widestLine = 96

  /// Whether a file begins like a table of these.
  static func isOne(_ beginning: String) -> Bool {
    guard let header = beginning.split(whereSeparator: \.isNewline).first else { return false }
    return header == value || header.hasSuffix(",\(value)")
      || RecordTable.ownHeaders.contains { header.hasPrefix($0) }
  }

  /// The table, with its header.
  ///
  /// - Throws: `ExecutionProblem` if there is no memory for it, or `Interrupted`.
  func bytes() throws -> [UInt8] {
    try MemoryRoom.check(min(tensor.shape.count, .max / Self.widestLine) * Self.widestLine)
    let (shape, numbers) = (tensor.shape, tensor.doubles)
    let strides = shape.strides
    var (bytes, tokens) = ([UInt8](), [[String]]())
    var tokenRow: Int?
    for index in numbers.indices {
      if index.isMultiple(of: 4096) { try Interruption.check() }
      let places = shape.sizes.indices.map { place(index / strides[$0] % shape.sizes[$0], on: $0) }
      let row = shape.axes.first == .batch ? places[0] : origin?.row ?? 0
      if row != tokenRow {
        (tokens, tokenRow) = (axisTokens(row: row), row)
        if bytes.isEmpty { bytes = header(tokens) }
      }
      for (axis, place) in places.enumerated() {
        bytes += "\(place),".utf8
        if !tokens[axis].isEmpty { bytes += (Self.field(tokens[axis][place]) + ",").utf8 }
      }
      bytes += (text(of: numbers[index]) + "\n").utf8
    }
    return bytes.isEmpty ? header(axisTokens(row: 0)) : bytes
  }

  private func header(_ tokens: [[String]]) -> [UInt8] {
    let columns = zip(tensor.shape.axes, tokens).flatMap { axis, tokens in
      [Self.field(axis.name)] + (tokens.isEmpty ? [] : [Self.field("\(axis.name)_token")])
    }
    return Array(((columns + [Self.value]).joined(separator: ",") + "\n").utf8)
  }

  /// The place in the value that this is a slice of.
  private func place(_ index: Int, on axis: Int) -> Int {
    guard let origin, axis < origin.kept.count else { return index }
    return origin.kept[axis].slice.position(index)
  }

  /// The tokens of every axis, in all its places; none where an axis has no tokens.
  private func axisTokens(row: Int) -> [[String]] {
    tensor.shape.axes.indices.map { axis in
      let size = origin.flatMap { axis < $0.kept.count ? $0.kept[axis].size : nil }
      return labels.tokens(
        on: tensor.shape.axes[axis],
        size: size ?? tensor.shape.sizes[axis],
        row: row
      )
    }
  }

  /// The shortest digits that are this number again, as Python, R and pandas read them.
  private func text(of number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    if tensor.element == .integer { return String(Int(number)) }
    if case .f64 = tensor.storage { return number.description }
    return Float(number).description
  }

  /// A text as one field.
  ///
  /// A spreadsheet would carry out a text that begins like a formula: an apostrophe before it makes
  /// it text (OWASP, "CSV Injection").
  static func field(_ text: String) -> String {
    let start = text.unicodeScalars.first { !$0.properties.isWhitespace }
    let isFormula = start.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
    let safe = isFormula ? "'" + text : text
    let needsQuotes = safe.unicodeScalars.contains { ",;\"\t\r\n".unicodeScalars.contains($0) }
    return needsQuotes ? "\"\(safe.replacing("\"", with: "\"\""))\"" : safe
  }
}
