// SPDX-License-Identifier: MIT

/// A regular expression as instructions.
struct ExpressionProgram: Sendable {
  enum Instruction: Hashable, Sendable {
    /// One scalar of a set.
    case set(Int)

    /// As many scalars of a set as there are, `most` at most; a possessive run gives none back.
    case run(set: Int, least: Int, most: Int, isPossessive: Bool)

    /// Goes on at the next instruction; if that fails, at another one.
    case fork(Int)
    case jump(Int)
    case ahead([[Int]], isNegated: Bool)
    case match
  }

  /// More than any honest expression has.
  private static let mostInstructions = 1_000

  private(set) var instructions: [Instruction] = []
  let sets: [ScalarSet]

  // Instructions, and each set of a look ahead as one.
  private var size = 0

  init(_ node: ExpressionNode, sets: [ScalarSet]) throws(ExpressionFault) {
    guard !node.matchesNothing else { throw .matchesNothing }
    self.sets = sets
    try add(node)
    try emit(.match)
  }

  /// `\w+|[^\w\s]+`, in the notation of Rust.
  static let wordsOrMarks: ExpressionProgram = {
    let sets = [
      ScalarSet([.joinedWord]), ScalarSet([.joinedWord, .space], isNegated: true),
    ]
    let nodes = sets.indices.map { set in
      ExpressionNode.repeated(.set(set), least: 1, most: nil, isPossessive: false)
    }
    do {
      return try ExpressionProgram(.alternatives(nodes), sets: sets)
    } catch {
      preconditionFailure("not a program: \(error)")
    }
  }()

  private mutating func emit(
    _ instruction: Instruction,
    size more: Int = 1
  ) throws(ExpressionFault) {
    size += more
    guard size <= Self.mostInstructions else { throw .tooLarge }
    instructions.append(instruction)
  }

  private mutating func add(_ node: ExpressionNode) throws(ExpressionFault) {
    switch node {
    case .set(let number): try emit(.set(number))
    case .sequence(let nodes): for node in nodes { try add(node) }
    case .ahead(let runs, let isNegated):
      let size = runs.reduce(1) { $0 + $1.count }
      try emit(.ahead(runs, isNegated: isNegated), size: size)
    case .alternatives(let nodes): try addAlternatives(nodes)
    case .repeated(.set(let number), let least, let most, let isPossessive):
      let most = most ?? .max
      try emit(.run(set: number, least: least, most: most, isPossessive: isPossessive))
    case .repeated(let node, let least, let most, let isPossessive):
      // Groups as often as one likes could take as long as one likes.
      guard let most, !isPossessive else {
        throw .unsupported("(...)" + (isPossessive ? "+" : least == 0 ? "*" : "+"))
      }
      for _ in 0..<least {
        let before = instructions.count
        try add(node)
        // Nothing is nothing however often, and so it counts nowhere.
        if instructions.count == before { break }
      }
      var forks: [Int] = []
      for _ in least..<max(least, most) {
        forks.append(instructions.count)
        try emit(.fork(0))
        try add(node)
      }
      for fork in forks { instructions[fork] = .fork(instructions.count) }
    }
  }

  private mutating func addAlternatives(_ nodes: [ExpressionNode]) throws(ExpressionFault) {
    var jumps: [Int] = []
    for (number, node) in nodes.enumerated() {
      let isLast = number == nodes.count - 1
      let fork = instructions.count
      if !isLast { try emit(.fork(0)) }
      try add(node)
      if isLast { break }
      jumps.append(instructions.count)
      try emit(.jump(0))
      instructions[fork] = .fork(instructions.count)
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }
}
