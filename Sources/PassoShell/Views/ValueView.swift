import PassoText
import PassoView

struct ValueView {
  let session: Session
  init(_ s: Session) { session = s }
  func figure(_ t: String) throws -> Figure {
    TensorFigure(session).figure(try session.tensor(t), title: t, name: t)
  }
  func stats(_ t: String) throws -> Figure { Stats(try session.tensor(t).doubles).figure(of: t) }
}
