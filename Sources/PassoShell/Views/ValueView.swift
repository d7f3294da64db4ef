// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText
import PassoView

/// Shows a value, or a slice of one.
struct ValueView {
  let session: Session

  init(_ session: Session) {
    self.session = session
  }

  /// - Throws: A problem if there is no such value, or if it is not computed.
  func figure(_ typed: String) throws -> Figure {
    let (name, tensor) = try value(typed)
    return TensorFigure(session).figure(tensor, title: typed, name: name)
  }

  /// - Throws: A problem if there is no such value, or if it is not computed.
  func stats(_ typed: String) throws -> Figure {
    Stats(try value(typed).tensor.doubles).figure(of: typed)
  }

  private func value(_ typed: String) throws -> (name: String?, tensor: Tensor) {
    let bare = typed.prefix { $0 != "[" }
    let name = try session.bindings[String(bare)] == nil ? session.fullName(String(bare)) : nil
    // Ids keep their integer form where nothing is cut.
    if bare.count == typed.count { return (name, try session.tensor(typed)) }
    return (name, try ExpressionCommand.evaluate(typed, session))
  }
}
