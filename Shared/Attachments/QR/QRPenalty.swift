/// How hard a masked symbol is to read (ISO/IEC 18004 §7.8.3): the mask with the lowest score is used.
enum QRPenalty {
    static func score(_ modules: [[Bool]]) -> Int {
        let columns = modules.indices.map { x in modules.map { $0[x] } }
        let lines = (modules + columns).reduce(0) { $0 + runs($1) + finderLike($1) }
        return lines + blocks(modules) + balance(modules)
    }

    /// Five or more of a colour in a row: 3, and 1 for each further one.
    private static func runs(_ line: [Bool]) -> Int {
        var score = 0
        var length = 0
        var colour: Bool?
        for module in line {
            if module == colour {
                length += 1
                if length == 5 { score += 3 } else if length > 5 { score += 1 }
            } else {
                colour = module
                length = 1
            }
        }
        return score
    }

    /// 1:1:3:1:1 with four light modules on one side looks like a finder: 40 each.
    private static func finderLike(_ line: [Bool]) -> Int {
        let core = [true, false, true, true, true, false, true]
        let light = [Bool](repeating: false, count: 4)
        var score = 0
        for start in 0...(line.count - 11) {
            let window = line[start..<start + 11]
            if window.elementsEqual(core + light) || window.elementsEqual(light + core) { score += 40 }
        }
        return score
    }

    /// Each 2 × 2 block of one colour: 3.
    private static func blocks(_ modules: [[Bool]]) -> Int {
        var score = 0
        for y in 0..<(modules.count - 1) {
            for x in 0..<(modules.count - 1) {
                let colour = modules[y][x]
                if colour == modules[y][x + 1], colour == modules[y + 1][x], colour == modules[y + 1][x + 1] {
                    score += 3
                }
            }
        }
        return score
    }

    /// 10 for every full 5 % that the dark share is away from one half.
    private static func balance(_ modules: [[Bool]]) -> Int {
        let total = modules.count * modules.count
        let dark = modules.reduce(0) { $0 + $1.count { $0 } }
        return abs(dark * 20 - total * 10) / total * 10
    }
}
