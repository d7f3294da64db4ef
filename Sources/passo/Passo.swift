// SPDX-License-Identifier: MIT
import ArgumentParser

@main
struct Passo: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "passo")
}
