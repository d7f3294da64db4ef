import PassoText

package struct Course {
  struct Current {
    struct L { var id = "" }
    var lesson = L()
  }
  var current: Current?
  var lineForEnter: String?
  var lessonNames: [String] { [] }
  init(folder: String?) {}
  mutating func setLanguage(_ l: Language) throws {}
  func takesAnswer(_ line: String, shell: Shell) throws -> Bool { false }
}
enum ExpressionCommand {
  static let functionNames: [String] = []
  static func run(_ line: String, shell: Shell) throws {
    shell.console.show(
      TensorFigure(shell.session).figure(try shell.session.tensor(line), title: line, name: line)
    )
  }
}
