// SPDX-License-Identifier: MIT

import Foundation
import PassoModel
import PassoShell
import Testing

/// A folder with weights that have learned already gets an optimizer that leaves them whole.
struct LearnedWeightsTests {
  private func folder(of model: String) throws -> String {
    let path = NSTemporaryDirectory() + "passo-\(UUID().uuidString)"
    let probe = try ShellProbe()
    #expect(probe.run(":model \(model)", ":save \(path)").contains("saved"))
    return path
  }

  private func isUsual(_ probe: ShellProbe) -> Bool {
    let experiment = probe.shell.session.experiment
    return experiment.optimizer == .sgd && experiment.rate == 0.1
  }

  @Test func aLargeFolderIsOpenedWithASmallRate() throws {
    let path = try folder(of: "piccolo")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let probe = try ShellProbe()
    let output = probe.run(":load \(path)")
    #expect(output.contains("have learned already") && output.contains("sgd with lr 0.01 clip 1"))
    #expect(probe.run(":optimizer").hasPrefix("sgd  lr 0.01  clip 1"))
    #expect(probe.shell.session.experiment.optimizer.clip == 1)
    probe.run(":optimizer adamw")
    #expect(abs(probe.shell.session.experiment.rate - 1.2e-4) < 1e-9)
    #expect(!probe.run(":model").contains("have learned already"))
    probe.run(":optimizer sgd 0.1", ":load \(path)")
    // What a person has named stays.
    #expect(probe.shell.session.experiment.rate == 0.1)
  }

  @Test func aLessonGoesOnAsLessonsDo() throws {
    let (large, small) = (try folder(of: "piccolo"), try folder(of: "gatto"))
    defer { for path in [large, small] { try? FileManager.default.removeItem(atPath: path) } }
    let probe = try ShellProbe()
    probe.run(":load \(small)")
    #expect(isUsual(probe))
    probe.run(":load \(large)")
    #expect(probe.shell.session.experiment.optimizer.clip == 1)
    probe.run(":model gatto")
    #expect(isUsual(probe))
    probe.run(":undo")
    #expect(probe.shell.session.experiment.optimizer.clip == 1)
    probe.run(":load \(small)")
    #expect(isUsual(probe))
  }
}
