// SPDX-License-Identifier: MIT

/// Rows of the embedding, plus those of the positions where they are learned.
///
/// Backward the gradient of the stream is added row by row to both tables; where the embedding is
/// the unembedding too, to what the logits have left there.
struct EmbeddingFusion: Fusion {
  private let embedding: StepGraph.Found<Embedding>
  private let positions: Positions?
  private let size: EmbeddingSize

  /// Adds the share of the embedding to that of the unembedding.
  private let sum: Int?

  private struct Positions {
    let step: Int
    let inputs: [ValueID]
    let count: Int
    let add: StepGraph.Found<Add>
  }

  static func find(at index: Int, in graph: StepGraph) -> Self? {
    guard let embedding = graph.find(Embedding.self, at: index) else { return nil }
    let (table, tokens) = (embedding.inputs[0], embedding.inputs[1])
    let others = graph.forwardReaders(of: table).filter { $0 != index }
    guard graph.isParameter(table), graph.program[tokens].producer == nil,
      others.count < 2, others.allSatisfy({ graph.find(Transpose.self, at: $0) != nil })
    else { return nil }
    let sizes = graph.program[tokens].shape.sizes
    return EmbeddingFusion(
      embedding: embedding,
      positions: positions(beside: embedding.output, graph),
      size: EmbeddingSize(
        batch: sizes[0],
        length: sizes[1],
        width: graph.program[table].shape.lastSize,
        vocabulary: graph.program[table].shape.rowCount
      ),
      sum: graph.program.gradients[table].flatMap { graph.sum(making: $0)?.index }
    )
  }

  private static func positions(beside id: ValueID, _ graph: StepGraph) -> Positions? {
    guard let add = graph.onlyReader(Add.self, of: id), add.inputs[0] == id,
      graph.forwardReaders(of: add.inputs[1]).count == 1
    else { return nil }
    let all = graph.find(PositionEmbedding.self, making: add.inputs[1])
    let known = graph.find(PositionEmbeddingFrom.self, making: add.inputs[1])
    guard let step = all?.index ?? known?.index, let inputs = all?.inputs ?? known?.inputs,
      graph.isOwnParameter(inputs[0])
    else { return nil }
    let count = graph.program[inputs[0]].shape.rowCount
    return Positions(step: step, inputs: inputs, count: count, add: add)
  }

  var output: ValueID { positions?.add.output ?? embedding.output }

  var steps: [Int] { [embedding.index] + (positions.map { [$0.step, $0.add.index] } ?? []) }

  var sums: [Int] { sum.map { [$0] } ?? [] }

  var parameters: [ParameterGroup] {
    [ParameterGroup(ids: [embedding.inputs[0]], rows: size.vocabulary)]
      + (positions.map { [ParameterGroup(ids: [$0.inputs[0]], rows: $0.count)] } ?? [])
  }

  func writeForward(_ lowering: inout Lowering) {
    lowering.add(
      output,
      EmbeddingRows(
        size: size,
        tokens: lowering.view(embedding.inputs[1]),
        table: lowering.parameter(embedding.inputs[0]),
        positions: positions.map { lowering.parameter($0.inputs[0]) },
        known: lowering.known,
        out: lowering.output(output, columns: size.width)
      )
    )
  }

  func writeBackward(_ lowering: inout Lowering, from gradient: ValueID) {
    let gradient = lowering.view(gradient, columns: size.width)
    let table = embedding.inputs[0]
    lowering.add(
      lowering.gradient(table),
      covers: lowering.graph.gradientSteps(of: [embedding.index]) + sums,
      AddedRows(
        size: size,
        tokens: lowering.view(embedding.inputs[1]),
        gradient: gradient,
        table: lowering.packedGradients([table]),
        isShared: sum != nil
      )
    )
    guard let positions = positions?.inputs[0] else { return }
    // Of positions behind the end of the texts the gradient is 0, and stays so.
    let places = lowering.firstRows(size.length, of: lowering.packedGradients([positions]))
    lowering.add(
      lowering.gradient(positions),
      SumOverTexts(size: size, gradient: gradient, positions: places)
    )
  }
}
