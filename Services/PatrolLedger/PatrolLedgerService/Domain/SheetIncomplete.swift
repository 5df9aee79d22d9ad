/// A zone's checklist cannot be submitted; says for every row why.
struct SheetIncomplete: Error, Hashable {
    let faults: [ZoneSheet.Fault]
}
