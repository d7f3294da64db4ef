// SPDX-License-Identifier: MIT

import PassoFiles
import PassoText

/// A Jupyter notebook, as `nbformat` 4.5 writes one: the same cells give the same bytes.
struct Notebook {
  struct Cell {
    enum Kind: String {
      case markdown
      case code
    }

    let kind: Kind

    /// What it is called within its notebook; made unique when it is written.
    let name: String

    let source: String

    /// What Passo knows of it.
    var metadata: [String: JSONValue] = [:]
  }

  let cells: [Cell]

  /// What Passo knows of the whole.
  let metadata: [String: JSONValue]

  /// The whole file.
  var text: String {
    let document = JSONValue.object([
      "cells": .array(zip(cells, names).map(Self.json)),
      "metadata": .object([
        "kernelspec": .object([
          "display_name": .string("Passo"), "language": .string("passo"), "name": .string("passo"),
        ]),
        "language_info": .object([
          "file_extension": .string(".passo"), "mimetype": .string("text/x-passo"),
          "name": .string("passo"),
        ]),
        "passo": .object(metadata),
      ]),
      "nbformat": .integer(4),
      "nbformat_minor": .integer(5),
    ])
    return JSONText.indented(document) + "\n"
  }

  /// A name for every cell, of letters, digits and hyphens, each once.
  private var names: [String] {
    var used: Set<String> = []
    return cells.map { cell in
      let letters = cell.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
      let name = String(letters.prefix(40))
      var number = 1
      while !used.insert(number == 1 ? name : "\(name)-\(number)").inserted { number += 1 }
      return number == 1 ? name : "\(name)-\(number)"
    }
  }

  private static func json(_ cell: Cell, _ name: String) -> JSONValue {
    var members: [String: JSONValue] = [
      "cell_type": .string(cell.kind.rawValue), "id": .string(name),
      "metadata": .object(cell.metadata.isEmpty ? [:] : ["passo": .object(cell.metadata)]),
      "source": .array(lines(cell.source).map(JSONValue.string)),
    ]
    if cell.kind == .code {
      members["execution_count"] = .null
      members["outputs"] = .array([])
    }
    return .object(members)
  }

  /// Lines with their ends, as notebooks keep them.
  private static func lines(_ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let whole = lines.enumerated().map { index, line in
      index + 1 < lines.count ? line + "\n" : String(line)
    }
    return whole.last == "" ? Array(whole.dropLast()) : whole
  }
}
