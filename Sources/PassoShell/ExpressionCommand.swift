import PassoEngine
import PassoText

enum ExpressionCommand {
  static let functionNames: [String] = []
  static func evaluate(_ text: String, _ session: Session) throws -> Tensor {
    try session.tensor(text)
  }
  static func run(_ line: String, shell: Shell) throws {
    shell.console.show(
      TensorFigure(shell.session).figure(
        try shell.session.tensor(line),
        title: line,
        name: line
      )
    )
  }
}
