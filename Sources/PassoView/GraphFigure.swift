// SPDX-License-Identifier: MIT

import PassoText

/// Steps in their order, and which of them read what others have made.
package struct GraphFigure: Sendable, Hashable {
  package struct Node: Sendable, Hashable {
    package let name: String

    /// What the step does.
    package let work: String

    /// The nodes whose results it reads; all of them come before it.
    package let inputs: [Int]

    package init(name: String, work: String, inputs: [Int]) {
      self.name = name
      self.work = work
      self.inputs = inputs
    }
  }

  package let title: Bilingual
  package let nodes: [Node]

  /// The node that comes next.
  package let current: Int?

  /// Lines below the graph.
  package let notes: [Bilingual]

  package init(title: Bilingual, nodes: [Node], current: Int? = nil, notes: [Bilingual] = []) {
    precondition(
      nodes.enumerated().allSatisfy { index, node in node.inputs.allSatisfy { $0 < index } },
      "a step that reads what comes later"
    )
    self.title = title
    self.nodes = nodes
    self.current = current
    self.notes = notes
  }

  /// A node in words: `7 q = linear (5 ln1.out)`.
  func sentence(_ index: Int) -> String {
    let node = nodes[index]
    let inputs = node.inputs.map { "\($0) \(nodes[$0].name.visible)" }.joined(separator: ", ")
    return "\(index) \(node.name.visible) = \(node.work.visible)"
      + (inputs.isEmpty ? "" : " (\(inputs))")
  }

  /// In which lane each node stands, and which lanes are in use beside it.
  ///
  /// A result keeps its lane from the step that makes it to the last one that reads it, as branches
  /// do in the log of a version control system.
  package var lanes: [(lane: Int, busy: [Bool])] {
    var lastUse = Array(nodes.indices)
    for (index, node) in nodes.enumerated() { for input in node.inputs { lastUse[input] = index } }
    var owners: [Int?] = []
    return nodes.indices.map { index in
      // What is read for the last time makes room.
      for lane in owners.indices {
        if let owner = owners[lane], lastUse[owner] <= index { owners[lane] = nil }
      }
      let lane = owners.firstIndex(of: nil) ?? owners.count
      if lane == owners.count { owners.append(nil) }
      var busy = owners.map { $0 != nil }
      busy[lane] = true
      owners[lane] = lastUse[index] > index ? index : nil
      return (lane, busy)
    }
  }
}

/// One line for each step: the lanes of what is alive, and what the step reads.
struct GraphLayout {
  let figure: GraphFigure
  let text: TextLayout

  var lines: [StyledLine] {
    let lanes = figure.lanes
    let count = min(lanes.map { $0.busy.count }.max() ?? 0, 12)
    return text.heading(figure.title)
      + figure.nodes.indices.map { index in
        var picture = ""
        for lane in 0..<count {
          let isBusy = lane < lanes[index].busy.count && lanes[index].busy[lane]
          picture += lane == lanes[index].lane ? "●" : isBusy ? "│" : " "
        }
        let isCurrent = index == figure.current
        let line = "\(isCurrent ? "▶" : " ") \(picture) \(figure.sentence(index))"
        return StyledLine(line.truncated(to: text.width), isCurrent ? .emphasis : .plain)
      }
  }
}

/// The same lanes as vectors, with a line from each result to where it is read.
struct GraphPicture: Picture {
  private static let lane = 16.0
  private static let row = 22.0

  private let figure: GraphFigure
  private let language: Language
  private let lanes: [(lane: Int, busy: [Bool])]

  init(_ figure: GraphFigure, language: Language) {
    (self.figure, self.language, lanes) = (figure, language, figure.lanes)
  }

  private var left: Double { Double((lanes.map { $0.busy.count }.max() ?? 0) + 1) * Self.lane }

  var width: Double {
    let longest = figure.nodes.indices.map { DisplayWidth.of(figure.sentence($0)) }.max() ?? 0
    return left + Double(longest) * 7.8
  }

  var height: Double { Double(figure.nodes.count) * Self.row + 4 }

  /// It says where in the order of the steps one is.
  var name: String {
    let count = figure.nodes.count
    let here = figure.current.map { figure.sentence($0) }
    return Bilingual(
      it: "\(count) passi" + (here.map { "; qui: \($0)" } ?? ""),
      en: "\(count) steps" + (here.map { "; here: \($0)" } ?? "")
    )[language]
  }

  private func place(_ index: Int) -> (x: Double, y: Double) {
    (Double(lanes[index].lane) * Self.lane + 8, Double(index) * Self.row + 12)
  }

  var body: [Element] {
    let lines = figure.nodes.enumerated().flatMap { index, node in
      node.inputs.map { line(from: place($0), to: place(index)) }
    }
    return lines + figure.nodes.indices.flatMap(node)
  }

  private func line(from: (x: Double, y: Double), to: (x: Double, y: Double)) -> Element {
    let bend = (to.y - Self.row / 2).px
    return .stroke(
      "M\(from.x.px) \(from.y.px) L\(from.x.px) \(bend) L\(to.x.px) \(to.y.px)",
      opacity: "0.45"
    )
  }

  private func node(_ index: Int) -> [Element] {
    let (x, y) = place(index)
    let isCurrent = index == figure.current
    return [
      Element("circle", ["cx": x, "cy": y, "r": isCurrent ? 6 : 4, "fill": "currentColor"]),
      Element(
        "text",
        [
          "x": left, "y": y + 4, "font-size": 13, "fill": "currentColor",
          "font-weight": isCurrent ? "bold" : nil,
        ],
        (isCurrent ? "▶ " : "") + figure.sentence(index)
      ),
    ]
  }
}
