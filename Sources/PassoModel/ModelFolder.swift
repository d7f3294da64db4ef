package struct ModelFolder {
  package let configuration: ModelConfiguration
  package init(path: String) throws { fatalError() }
  package static func exists(at: String) -> Bool { false }
  package func parameters() throws -> Parameters { [:] }
}
