// SPDX-License-Identifier: MIT

import PassoText

/// Something to be shown, as data; renderers only draw it.
///
/// A view is written once, and every renderer shows the same numbers.
package indirect enum Figure: Sendable {
  case text(TextFigure)
  case table(TableFigure)
  case matrix(MatrixFigure)
  case bars(BarsFigure)
  case curve(CurveFigure)
  case multiples(MultiplesFigure)
  case graph(GraphFigure)
  case arcs(ArcsFigure)
  case points(PointsFigure)
  case marked(MarkedFigure)

  /// Figures under one title; narrow ones may stand side by side.
  case group(title: Bilingual, [Figure])

  /// One paragraph.
  package static func line(_ runs: Run...) -> Figure { .text(TextFigure([.init(runs)])) }

  /// One paragraph of one role.
  package static func line(_ text: Bilingual, _ role: TextRole = .plain) -> Figure {
    .line(Run(text, role))
  }
}

/// What a run of text is, for those who see colours and for those who do not.
package enum TextRole: Sendable, Hashable {
  case plain
  case heading
  case emphasis
  case code
  case dim
  case good
  case bad
}

/// A run of text of one role.
package struct Run: Sendable, Hashable {
  package let text: Bilingual
  package let role: TextRole

  package init(_ text: Bilingual, _ role: TextRole = .plain) {
    self.text = text
    self.role = role
  }

  package init(_ text: String, _ role: TextRole = .plain) {
    self.init(Bilingual(same: text), role)
  }
}

/// Paragraphs; each is wrapped to the width, with an indent for all of its lines.
package struct TextFigure: Sendable, Hashable {
  package struct Paragraph: Sendable, Hashable {
    package let runs: [Run]
    package let indent: Int

    /// What stands in the indent of the first line, as the dash of a list.
    package let marker: String

    package init(_ runs: [Run], indent: Int = 0, marker: String = "") {
      self.runs = runs
      self.indent = indent
      self.marker = marker
    }

    /// A paragraph of one role.
    package init(_ text: Bilingual, _ role: TextRole = .plain, indent: Int = 0) {
      self.init([Run(text, role)], indent: indent)
    }
  }

  package let paragraphs: [Paragraph]

  package init(_ paragraphs: [Paragraph]) {
    self.paragraphs = paragraphs
  }
}

/// Rows of texts under headings.
package struct TableFigure: Sendable, Hashable {
  /// On which side the cells of a column line up.
  package enum Alignment: Sendable, Hashable {
    case left
    case right
  }

  package struct Column: Sendable, Hashable {
    package let title: Bilingual
    package let alignment: Alignment

    package init(_ title: Bilingual, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }

    package init(it: String, en: String, _ alignment: Alignment = .left) {
      self.init(Bilingual(it: it, en: en), alignment)
    }

    /// A column with the same title in both languages, or without one.
    package init(same title: String = "", _ alignment: Alignment = .left) {
      self.init(Bilingual(same: title), alignment)
    }
  }

  package var title: Bilingual?
  package let columns: [Column]
  package let rows: [[Bilingual]]

  /// The row where the eye should go.
  package var markedRow: Int?

  /// Lines below the table.
  package var notes: [Bilingual]

  /// What it shows, for other programs.
  package var records: RecordTable?

  package init(
    title: Bilingual? = nil,
    columns: [Column],
    rows: [[Bilingual]],
    markedRow: Int? = nil,
    notes: [Bilingual] = []
  ) {
    (self.title, self.columns, self.rows) = (title, columns, rows)
    (self.markedRow, self.notes) = (markedRow, notes)
  }
}

extension [Bilingual] {
  /// The cells of a row that are the same in both languages.
  package static func same(_ cells: [String]) -> Self { cells.map { Bilingual(same: $0) } }

  /// A row that begins with what it is.
  package static func row(it: String, en: String, _ cells: [String]) -> Self {
    row(it: it, en: en, same(cells))
  }

  /// A row that begins with what it is, and goes on with what each language says in its own way.
  package static func row(it: String, en: String, _ cells: [Bilingual]) -> Self {
    [Bilingual(it: it, en: en)] + cells
  }
}

/// A matrix of numbers with a label for each row and column.
package struct MatrixFigure: Sendable {
  /// What a cell holds; NaN and infinities are numbers like any other.
  package enum Cell: Sendable, Hashable {
    case number(Double)
    /// Hidden by the attention mask.
    case masked
    /// Left out, because the matrix is too large for the screen.
    case omitted
  }

  /// What the colours mean.
  package enum Scale: Sendable, Hashable {
    /// From 0 to the largest.
    case sequential
    /// Symmetric around 0.
    case signed
  }

  package struct Axis: Sendable, Hashable {
    package let name: Bilingual
    package let labels: [String]

    /// The place of each label on the whole axis; nil where the label stands for those left out.
    package let indices: [Int?]

    package init(_ name: Bilingual, _ labels: [String]) {
      self.init(name, labels, indices: Array(labels.indices))
    }

    /// An axis whose name is the same in both languages, or empty.
    package init(_ name: String, _ labels: [String]) {
      self.init(Bilingual(same: name), labels)
    }

    private init(_ name: Bilingual, _ labels: [String], indices: [Int?]) {
      (self.name, self.labels, self.indices) = (name, labels, indices)
    }

    /// An axis with some of its labels, and the mark where others are left out.
    ///
    /// Only those are made: an axis may be as long as memory allows.
    package init(_ name: Bilingual, kept: [Int?], label: (Int) -> String) {
      self.init(name, kept.map { $0.map(label) ?? MatrixFigure.ellipsis }, indices: kept)
    }

    /// The axis with some of its labels, and the mark where others are left out.
    package func picking(_ kept: [Int?]) -> Axis {
      Axis(
        name,
        kept.map { $0.map { labels[$0] } ?? MatrixFigure.ellipsis },
        indices: kept.map { $0.flatMap { indices[$0] } }
      )
    }
  }

  package let title: Bilingual
  package internal(set) var rows: Axis
  package internal(set) var columns: Axis

  /// Row-major.
  package internal(set) var cells: [Cell]

  package let scale: Scale

  /// Lines below the matrix.
  package var notes: [Bilingual] = []

  /// How many rows and columns there are, of which the cells may be a part.
  package var size: (rows: Int, columns: Int)

  /// What to type to see a part of it.
  package var slice = "[0:8, 0:8]"

  /// What it shows, for other programs.
  package var records: RecordTable?

  /// How its numbers become shades.
  let shades: MatrixScale

  package init(
    title: Bilingual,
    rows: Axis,
    columns: Axis,
    cells: [Cell],
    scale: Scale,
    notes: [Bilingual] = []
  ) {
    let (height, width) = (rows.labels.count, columns.labels.count)
    precondition(cells.count == height * width, "\(cells.count) cells for \(height) x \(width)")
    self.title = title
    self.rows = rows
    self.columns = columns
    self.cells = cells
    self.scale = scale
    size = (height, width)
    let numbers = cells.compactMap { cell in
      if case .number(let number) = cell { number } else { nil }
    }
    shades = MatrixScale(numbers, scale)
    let odd = OddCells(cells, rows: rows, columns: columns, shades)
    self.notes = odd.notes + notes
  }

  /// Whether it is one row of numbers, without a name of its own.
  var isVector: Bool { rows.labels.count == 1 && rows.name == Bilingual(same: "") }

  /// The names of both axes, as they stand in the corner between them.
  func corner(_ language: Language) -> String {
    let (row, column) = (rows.name[language], columns.name[language])
    return (row.isEmpty ? column : "\(row)\\\(column)").visible
  }

  package func cell(_ row: Int, _ column: Int) -> Cell {
    cells[row * columns.labels.count + column]
  }
}
