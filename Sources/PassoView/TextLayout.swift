// SPDX-License-Identifier: MIT

import PassoText

/// Breaks runs of text into lines of a width.
struct TextLayout {
  /// In columns.
  let width: Int

  let language: Language

  /// A title, broken where the screen ends, and what has to be said beside it.
  func heading(_ title: Bilingual, remark: String? = nil) -> [StyledLine] {
    var line = StyledLine(title[language].visible, .heading)
    if let remark { line.append("  \(remark)", .role(.dim)) }
    guard line.width > width else { return [line] }
    return lines(.init([Run(title, .heading)] + (remark.map { [Run("  \($0)", .dim)] } ?? [])))
  }

  /// Lines below a figure.
  func notes(_ notes: [Bilingual]) -> [StyledLine] {
    notes.flatMap { lines(.init([Run($0, .dim)])) }
  }

  /// A word, and whether a blank stands before it.
  private struct Word {
    var pieces: [(text: String, role: TextRole)]
    let followsBlank: Bool
    var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }
  }

  /// The lines of a paragraph; a word longer than a line stands alone.
  func lines(_ paragraph: TextFigure.Paragraph) -> [StyledLine] {
    let indent = String(repeating: " ", count: paragraph.indent)
    var lines: [StyledLine] = []
    let marker = paragraph.marker.visible
    let room = max(0, paragraph.indent - DisplayWidth.of(marker))
    var line = StyledLine(String(repeating: " ", count: room) + marker)
    var isEmpty = true
    for word in words(paragraph.runs, room: width - paragraph.indent) {
      let blank = word.followsBlank && !isEmpty ? 1 : 0
      if !isEmpty, line.width + blank + word.width > width, word.followsBlank {
        lines.append(line)
        line = StyledLine(indent)
      } else if blank == 1 {
        let (before, after) = (line.runs.last?.style, Style.role(word.pieces[0].role))
        line.append(" ", before == after ? after : .role(.plain))
      }
      for piece in word.pieces { line.append(piece.text, .role(piece.role)) }
      isEmpty = false
    }
    return lines + [line]
  }

  private func words(_ runs: [Run], room: Int) -> [Word] {
    var words: [Word] = []
    var afterBlank = true
    for run in runs {
      // Code is broken only where it fits on no line: a formula keeps its blanks.
      let text = run.text[language].visible
      let parts =
        run.role == .code && DisplayWidth.of(text) <= room
        ? [Substring(text)] : text.split(separator: " ", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index > 0 { afterBlank = true }
        if part.isEmpty { continue }
        if afterBlank {
          words.append(Word(pieces: [(String(part), run.role)], followsBlank: true))
        } else {
          words[words.count - 1].pieces.append((String(part), run.role))
        }
        afterBlank = false
      }
    }
    return words
  }
}
