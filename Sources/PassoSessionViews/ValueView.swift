// SPDX-License-Identifier: MIT

import PassoEngine
import PassoSession
import PassoText
import PassoView

/// Shows a value, or a slice of one.
package struct ValueView {
  let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// - Throws: A problem if there is no such value, or if it is not computed.
  package func figure(_ typed: String) throws -> Figure {
    let (name, tensor) = try value(typed)
    return TensorFigure(session).figure(
      tensor,
      title: typed,
      name: name,
      origin: session.origin(of: typed)
    )
  }

  /// - Throws: A problem if there is no such value, or if it is not computed.
  package func stats(_ typed: String) throws -> Figure {
    let tensor = try value(typed).tensor
    return Stats(tensor.doubles).figure(of: typed, sizes: tensor.shape.sizes)
  }

  /// One sentence: the shape, the mean, and where the greatest and the least number stand.
  ///
  /// - Throws: A problem if there is no such value, or if it is not computed.
  package func sentence(_ typed: String) throws -> Bilingual {
    let tensor = try value(typed).tensor
    guard tensor.shape.rank > 0 else {
      let number = NumberText.general(tensor[0])
      return Bilingual(it: "\(typed) vale \(number.it)", en: "\(typed) is \(number.en)")
    }
    let numbers = tensor.doubles
    let stats = Stats(numbers)
    let start = Bilingual(
      it: "\(typed) ha la forma \(tensor.shape)",
      en: "\(typed) has the shape \(tensor.shape)"
    )
    guard let high = numbers.firstIndex(of: stats.greatest),
      let low = numbers.firstIndex(of: stats.least)
    else {
      return start + Bilingual(it: ", nessun numero è finito", en: ", no number is finite")
    }
    let (most, least) = (NumberText.general(stats.greatest), NumberText.general(stats.least))
    let (top, bottom) = (place(high, tensor.shape), place(low, tensor.shape))
    let mean = NumberText.general(stats.mean, digits: 4)
    return start
      + Bilingual(
        it: "; il massimo è \(most.it) in \(top.it), il minimo \(least.it) in \(bottom.it),"
          + " la media \(mean.it)",
        en: "; the greatest is \(most.en) at \(top.en), the least \(least.en) at \(bottom.en),"
          + " the mean \(mean.en)"
      ) + stats.remark
  }

  /// A cell by the labels of its axes: `query sul, key gatto`.
  private func place(_ index: Int, _ shape: Shape) -> Bilingual {
    TensorFigure(session).labels(of: index, shape)
      .map { $0.axis.word + Bilingual(same: " \($0.label)") }.joined(separator: ", ")
  }

  private func value(_ typed: String) throws -> (name: String?, tensor: Tensor) {
    let bare = String(typed.prefix { $0 != "[" })
    let name = try session.bindings[bare] == nil ? session.fullName(bare) : nil
    // Ids keep their integer form where nothing is cut.
    if bare.count == typed.count { return (name, try session.tensor(typed)) }
    return (name, try session.tensor(of: typed))
  }
}
