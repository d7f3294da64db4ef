// SPDX-License-Identifier: MIT

/// The ways through a double array, of which an honest one has an end.
///
/// From a base a byte leads to the unit `base ^ byte`, which names that byte, and from there to the
/// base of the unit. So each unit is on the way from one base only, and all ways are looked at in a
/// time linear in the units.
struct DoubleArrayWays {
  // By unit, the base to which it leads; -1 for one that is a value, or for no byte of a key.
  private let targets: [Int32]

  // The units by the base from which they are reached, and where those of each base begin.
  private var units: [Int32]
  private var starts: [Int32]

  init(_ array: [UInt32]) {
    let baseCount = (array.count + 255) / 256 * 256
    func base(_ place: Int) -> Int { place ^ Int(array[place] & 0xFF) }
    targets = array.indices.map { place in
      let target = place ^ PrecompiledMap.offset(array[place])
      let leads = array[place] >> 31 == 0 && array[place] & 0xFF != 0
      return leads ? Int32(min(target, baseCount)) : -1
    }
    starts = Array(repeating: 0, count: baseCount + 2)
    for place in array.indices { starts[base(place) + 1] += 1 }
    for place in 1..<starts.count { starts[place] += starts[place - 1] }
    var next = starts
    units = Array(repeating: 0, count: array.count)
    for place in array.indices {
      units[Int(next[base(place)])] = Int32(place)
      next[base(place)] += 1
    }
  }

  /// From where nothing leads on: all bases beyond the array are one.
  private var end: Int { starts.count - 2 }

  /// How many bytes the longest way has that begins at a base; nil if one comes back to where it
  /// was, and so has no end.
  func longest(from base: Int) -> Int? {
    let isOpen: Int32 = -2
    // By base, how long the longest way on is; -1 where nobody has been yet.
    var longest = Array(repeating: Int32(-1), count: end + 1)
    var next = starts
    var way = [min(base, end)]
    longest[way[0]] = isOpen
    while let base = way.last {
      if next[base] < starts[base + 1] {
        let target = Int(targets[Int(units[Int(next[base])])])
        next[base] += 1
        if target < 0 || longest[target] >= 0 { continue }
        if longest[target] == isOpen { return nil }
        longest[target] = isOpen
        way.append(target)
      } else {
        way.removeLast()
        let on = units[Int(starts[base])..<Int(starts[base + 1])].map { targets[Int($0)] }
        longest[base] = on.reduce(0) { $1 < 0 ? $0 : max($0, longest[Int($1)] + 1) }
      }
    }
    return Int(longest[min(base, end)])
  }
}
